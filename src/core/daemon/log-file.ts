import {appendFileSync, chmodSync, renameSync, statSync} from 'node:fs'

/** In bytes. */
const usualLimit = 8 * 1024 * 1024

/**
 * Appends to a file that only this user can read (0600). One that would grow over the limit takes the place of `FILE.1` first, so that
 * there are never more than two of them. A full disk costs lines and nothing else.
 */
export function openLogFile(file: string, limit = usualLimit): (line: string) => void {
  let size = statSync(file, {throwIfNoEntry: false})?.size ?? 0
  if (size > limit) size = setAside(file)
  appendFileSync(file, '', {mode: 0o600})
  chmodSync(file, 0o600)
  return (line) => {
    try {
      const length = Buffer.byteLength(line)
      if (size > 0 && size + length > limit) size = setAside(file)
      appendFileSync(file, line, {mode: 0o600})
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
