import {statSync} from 'node:fs'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {isExecutable} from './platform.js'

/** `searched`: the PATH that a name was looked for in. */
export type FoundProgram = {readonly path: string} | {readonly reason: string; readonly searched?: string}

/** Finds a program as a shell would (a name in PATH, a path from `cwd`), and says in words why when it cannot be run. */
export function findProgram(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): FoundProgram {
  if (name === '') return {reason: 'the name of the program is empty'}
  if (name.includes('/')) {
    const file = path.resolve(cwd, name)
    const reason = whyNotRunnable(file)
    return reason === undefined ? {path: file} : {reason: `binary '${name}' ${reason}`}
  }
  const searched = env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const candidates = searched.split(':').map((folder) => path.resolve(cwd, folder, name))
  const found = candidates.find((file) => whyNotRunnable(file) === undefined)
  if (found !== undefined) return {path: found}
  const near = candidates.find((file) => statSync(file, {throwIfNoEntry: false})?.isFile())
  if (near !== undefined) return {reason: `binary '${near}' ${whyNotRunnable(near) ?? 'cannot be run'}`}
  return {reason: `binary '${name}' was not found in PATH`, searched}
}

/** `undefined` when the folder can be worked in. */
export function whyNoDirectory(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return `the working directory '${folder}' is not a directory`
  } catch (error) {
    return `the working directory '${folder}' ${inWords(error)}`
  }
  return isExecutable(folder) ? undefined : `the working directory '${folder}' may not be entered: permission denied`
}

function whyNotRunnable(file: string): string | undefined {
  try {
    if (!statSync(file).isFile()) return 'is not a file'
  } catch (error) {
    return inWords(error)
  }
  return isExecutable(file) ? undefined : 'is not executable: permission denied'
}

function inWords(error: unknown): string {
  const code = systemCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist'
  if (code === 'EACCES') return 'cannot be reached: permission denied'
  if (code === 'ELOOP') return 'is a circle of symbolic links'
  return `cannot be used (${code ?? 'unknown error'})`
}
