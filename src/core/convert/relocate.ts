import path from 'node:path'
import type {Origin} from './converted.js'

/** A path of the foreign file, as seen from the stack file. What begins with `~` or a variable is left as it is. */
export function relocate({base}: Origin, file: string): string {
  return base === '' || path.isAbsolute(file) || /^[~$]/.test(file) ? file : path.join(base, file)
}

/** Where something runs that says nothing about it, or says this. */
export function workingDirectory(origin: Origin, directory: string | undefined): {readonly working_dir?: string} {
  if (directory === undefined || directory === '') return origin.base === '' ? {} : {working_dir: origin.base}
  return {working_dir: relocate(origin, directory)}
}
