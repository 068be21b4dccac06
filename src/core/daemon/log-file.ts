import {appendFileSync, chmodSync, constants, renameSync, statSync} from 'node:fs'
import {stateProblem} from '../base/state-problem.js'

/** In bytes. */
const usualLimit = 8 * 1024 * 1024

/**
 * Appends to a file that only this user can read (0600). One that would grow over the limit takes the place of `FILE.1` first, so that
 * there are never more than two of them. A full disk costs lines and nothing else. A link is not followed.
 */
export function openLogFile(file: string, limit = usualLimit): (line: string) => void {
  let size = statSync(file, {throwIfNoEntry: false})?.size ?? 0
  if (size > limit) size = setAside(file)
  open(file)
  chmodSync(file, 0o600)
  return (line) => {
    try {
      const length = Buffer.byteLength(line)
      if (size > 0 && size + length > limit) size = setAside(file)
      append(file, line)
      size += length
    } catch {
      // The daemon goes on without this line.
    }
  }
}

function setAside(file: string): 0 {
  renameSync(file, `${file}.1`)
  return 0
}

function open(file: string): void {
  try {
    append(file, '')
  } catch (error) {
    throw stateProblem(file, error)
  }
}

function append(file: string, text: string): void {
  const flag = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW
  // Node takes the number as well; its types know only the text.
  appendFileSync(file, text, {flag: flag as unknown as string, mode: 0o600})
}
