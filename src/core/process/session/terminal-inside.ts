import {readSync, writeSync} from 'node:fs'
import {systemCode} from '../../base/errors.js'

/** A terminal as node-pty has it beyond its types. Its descriptor never blocks. */
interface Inside {
  readonly fd?: number
  readonly _socket?: {
    readonly destroyed: boolean
    once(event: 'end', listener: () => void): unknown
  }
}

/** Nobody is there to be written to. */
export const nobody = Symbol('nobody')

/**
 * Writes what there is room for, and answers how many bytes that were. The library's own `write` would wait, with the whole event loop, for a
 * program that does not read. The look at `destroyed` in the same turn keeps the bytes out of a file that has got the same number since.
 */
export function writeSome(terminal: object, bytes: Uint8Array): number | typeof nobody {
  const {fd, _socket} = terminal as Inside
  if (fd === undefined || _socket?.destroyed !== false) return nobody
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    return systemCode(error) === 'EAGAIN' ? 0 : nobody
  }
}

/**
 * Hands over what the library has left unread. Node takes the end of the last program for the end of what it printed when its last look
 * found less than it had room for, as every look at a terminal does.
 */
export function onUnread(terminal: object, hear: (bytes: Uint8Array) => void): void {
  const {fd, _socket} = terminal as Inside
  _socket?.once('end', () => {
    if (fd === undefined || _socket.destroyed) return
    for (let bytes = readSome(fd); bytes.length > 0; bytes = readSome(fd)) hear(bytes)
  })
}

/** Empty when there is no more: EIO, once nobody has the other end. */
function readSome(fd: number): Uint8Array {
  const bytes = Buffer.alloc(4096)
  try {
    return bytes.subarray(0, readSync(fd, bytes))
  } catch {
    return bytes.subarray(0, 0)
  }
}
