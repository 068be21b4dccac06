import {renameSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {systemCode} from '../base/errors.js'
import {readRun, runPaths, type RunPaths, type RunRecord} from './run-directory.js'

/**
 * Removes the folder of an attempt that has not begun, after which it never will: all that a shim does on the way it does by the
 * folder's name, and it reads the command only after it has written its record. A record that came in the last moment is answered, and
 * its folder put back.
 */
export async function forgetRun(paths: RunPaths): Promise<RunRecord | undefined> {
  const aside = runPaths(`${paths.directory}.never`)
  move(paths.directory, aside.directory)
  const run = readRun(aside)
  if (run) {
    move(aside.directory, paths.directory)
    return run
  }
  // What cannot be removed is harmless under this name.
  await rm(aside.directory, {recursive: true, force: true}).catch(() => undefined)
  return undefined
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
