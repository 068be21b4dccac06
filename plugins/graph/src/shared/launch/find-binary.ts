import {accessSync, constants, realpathSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

export interface BinaryToFind {
  /** What the stack file says: a path that starts at its folder, or a name. */
  readonly given?: string | undefined
  /** As it is called in PATH. */
  readonly name: string
  /** Packages of npm that carry it, with its path inside. */
  readonly packages: readonly {readonly name: string; readonly file: string}[]
  /** Folders beside those of PATH. */
  readonly folders?: readonly string[]
}

/**
 * The absolute path of a program: what is given; else that of the packages of the stack's folder, so that a repository can pin a version; else that of PATH; else that of the packages
 * of this plugin. `undefined` when there is none.
 */
export function findBinary(
  {given, name, packages, folders = []}: BinaryToFind,
  directory = process.cwd(),
): string | undefined {
  if (given !== undefined)
    return given.includes('/') ? existing(path.resolve(directory, given)) : inFolders(given, pathFolders())
  return (
    inPackages(packages, path.join(directory, 'package.json')) ??
    inFolders(name, [...pathFolders(), ...folders]) ??
    inPackages(packages, fileURLToPath(import.meta.url))
  )
}

function pathFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '')
}

function inFolders(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => existing(path.join(folder, name))).find((found) => found !== undefined)
}

function inPackages(packages: BinaryToFind['packages'], from: string): string | undefined {
  const require = createRequire(from)
  for (const {name, file} of packages) {
    try {
      const found = existing(path.join(path.dirname(require.resolve(`${name}/package.json`)), file))
      if (found !== undefined) return found
    } catch {
      // It is not installed there.
    }
  }
  return undefined
}

function existing(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK)
    return realpathSync(file)
  } catch {
    return undefined
  }
}
