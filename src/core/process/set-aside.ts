import {renameSync} from 'node:fs'
import {readdir, rm} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {readRun, runPaths, type RunPaths, type RunRecord} from './run-directory.js'

const suffix = '.never'

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

/**
 * Removes the folder of an attempt at one stroke: it gets another name first, so that a daemon that dies on the way leaves no folder that has lost its records,
 * which would be an attempt of which nobody can say what became. What earlier removals have left goes with it.
 */
export async function removeRun(paths: RunPaths): Promise<void> {
  const parent = path.dirname(paths.directory)
  const aside = asideOf(paths).directory
  await rm(aside, {recursive: true, force: true})
  move(paths.directory, aside)
  await rm(aside, {recursive: true, force: true})
  const left = (await readdir(parent).catch(() => [])).filter(isAside)
  for (const name of left) await rm(path.join(parent, name), {recursive: true, force: true})
}

/** Whether a folder of this name is one that was set aside, to be removed. */
export function isAside(name: string): boolean {
  return name.endsWith(suffix)
}

function asideOf(paths: RunPaths): RunPaths {
  return runPaths(`${paths.directory}${suffix}`)
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
