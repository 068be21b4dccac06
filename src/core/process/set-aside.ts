import {renameSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {systemCode} from '../base/errors.js'
import {readRun, runPaths, type RunPaths, type RunRecord} from './run-directory.js'

/**
 * Takes the folder of an attempt that has not begun out of reach, after which it never will: all that a shim does on the way it does by
 * the folder's name, and it reads the command only after it has written its record. A record that came in the last moment is answered,
 * and its folder put back.
 */
export function setAside(paths: RunPaths): RunRecord | undefined {
  const aside = asideOf(paths)
  move(paths.directory, aside.directory)
  const run = readRun(aside)
  if (run) move(aside.directory, paths.directory)
  return run
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
