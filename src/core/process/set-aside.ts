import {renameSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {systemCode} from '../base/errors.js'
import {readRun, runPaths, type RunPaths, type RunRecord} from './run-directory.js'

/**
 * Takes the folder of an attempt that has not begun out of reach, after which it never will: all that a shim does on the way it does by
 * the folder's name. The command goes first: a shim opens it before it writes its record, so one whose record is found now runs its program, and its
 * folder, where the end is to be written, has not been away. A record that came in the last moment of all is answered too, and the folder put back.
 */
export function setAside(paths: RunPaths): RunRecord | undefined {
  const [aside, taken] = [asideOf(paths), `${paths.command}.taken`]
  move(paths.command, taken)
  const run = readRun(paths)
  if (run) {
    move(taken, paths.command)
    return run
  }
  move(paths.directory, aside.directory)
  const late = readRun(aside)
  if (late) {
    move(aside.directory, paths.directory)
    move(taken, paths.command)
  }
  return late
}

/** Removes what was set aside. What cannot be removed is harmless under its new name. */
export async function removeAside(paths: RunPaths): Promise<void> {
  await rm(asideOf(paths).directory, {recursive: true, force: true}).catch(() => undefined)
}

function asideOf(paths: RunPaths): RunPaths {
  return runPaths(`${paths.directory}.never`)
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
