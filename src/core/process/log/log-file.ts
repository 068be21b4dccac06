import {closeSync, openSync, readSync} from 'node:fs'
import {systemCode} from '../../base/errors.js'

/** What a log file begins with, outside all positions. A program that cuts the file cuts it away: nothing shows a cut more surely. */
export const logHeader = '# harness log 1\n'

export function hasHeader(file: string): boolean {
  return readPart(file, 0, logHeader.length).toString('latin1') === logHeader
}

/** A few bytes of a file; fewer when it ends before, none when it is gone. */
export function readPart(file: string, position: number, length: number): Buffer {
  let fd
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(fd, bytes, 0, length, position))
  } finally {
    closeSync(fd)
  }
}
