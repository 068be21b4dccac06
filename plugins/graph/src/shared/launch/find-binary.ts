import {accessSync, constants, realpathSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'

export interface BinaryToFind {
  /** What the stack file says: a path that starts at its folder, or a name. */
  readonly given?: string | undefined
  /** As it is called in PATH. */
  readonly name: string
  /** Packages of npm that carry it, with its path inside; `within`: the package that depends on it, below which npm may put it. */
  readonly packages: readonly {readonly name: string; readonly file: string; readonly within?: string}[]
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
  if (given !== undefined) {
    const found = given.includes('/') ? existing(path.resolve(directory, given)) : inFolders(given, pathFolders())
    return started(found, packages) ?? found
  }
  return (
    inPackages(packages, path.join(directory, 'package.json')) ??
    started(inFolders(name, [...pathFolders(), ...folders]), packages) ??
    inPackages(packages, fileURLToPath(import.meta.url))
  )
}

/** A script of npm that only starts the program, as `npx` has it in PATH, stands for what it starts. */
function started(found: string | undefined, packages: BinaryToFind['packages']): string | undefined {
  return found !== undefined && /\.[cm]?js$/.test(found) ? inPackages(packages, found) : found
}

function pathFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '')
}

function inFolders(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => existing(path.join(folder, name))).find((found) => found !== undefined)
}

function inPackages(packages: BinaryToFind['packages'], from: string): string | undefined {
  for (const {name, file, within} of packages) {
    const place = manifestOf(name, from) ?? (within && manifestOf(name, manifestOf(within, from)))
    const found = place && existing(path.join(path.dirname(place), file))
    if (found) return found
  }
  return undefined
}

function manifestOf(name: string, from: string | undefined): string | undefined {
  try {
    return from && createRequire(from).resolve(`${name}/package.json`)
  } catch {
    // It is not installed there.
    return undefined
  }
}

function existing(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK)
    return realpathSync(file)
  } catch {
    return undefined
  }
}
