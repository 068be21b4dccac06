import type {Stats} from 'node:fs'
import {lstat, readdir} from 'node:fs/promises'
import path from 'node:path'
import {statePaths} from '../../core/base/state-directory.js'
import {broken, type Verdict} from './finding.js'

/** What `sudo harness`, a copy from elsewhere or a mount leaves: files that the daemon cannot use, or that others can read. */
export async function checkFiles(directory: string): Promise<readonly Verdict[]> {
  const {store, remotes} = statePaths(directory)
  const files = (await Promise.all([directory, store, remotes].map(filesIn))).flat()
  const kindOf = expectedKinds(directory)
  const user = process.getuid?.()
  const verdicts: Verdict[] = []
  for (const file of files) {
    const found = await lstat(file).catch(() => undefined)
    if (found === undefined) continue
    if (found.uid !== user) {
      const said = `'${file}' belongs to user ${found.uid}`
      return [broken('STATE_UNSAFE', said, `sudo chown -R ${user ?? '"$USER"'} '${directory}'`)]
    }
    const problem = problemOf(file, found, kindOf.get(file))
    if (problem) verdicts.push(problem)
  }
  return verdicts
}

type Kind = 'directory' | 'file'

function expectedKinds(directory: string): ReadonlyMap<string, Kind> {
  const {lock, info, log, token, certificate, key, store, runs, plugins, remotes} = statePaths(directory)
  return new Map([
    ...[lock, info, log, token, certificate, key].map((file) => [file, 'file'] as const),
    ...[store, runs, plugins, remotes].map((folder) => [folder, 'directory'] as const),
  ])
}

function problemOf(file: string, found: Stats, expected: Kind | undefined): Verdict | undefined {
  if (found.isSymbolicLink()) return broken('STATE_UNSAFE', `'${file}' is a symbolic link`, `rm '${file}'`)
  if (expected === 'file' && found.isDirectory()) {
    return broken('STATE_UNSAFE', `'${file}' is a directory, and a file belongs there`, `mv '${file}' '${file}.old'`)
  }
  if (expected === 'directory' && !found.isDirectory()) {
    return broken('STATE_UNSAFE', `'${file}' is a file, and a directory belongs there`, `mv '${file}' '${file}.old'`)
  }
  if ((found.mode & 0o077) === 0) return undefined
  const mode = (found.mode & 0o777).toString(8)
  const fix = `chmod ${found.isDirectory() ? '700' : '600'} '${file}'`
  return broken('STATE_UNSAFE', `the mode of '${file}' is ${mode}: others can read it`, fix)
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.map((name) => path.join(folder, name))
}
