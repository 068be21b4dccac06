import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'
import {systemCode} from '../base/errors.js'

/** Of a file with variables. */
const maxBytes = 1024 * 1024

/** `refused`: it is there, and is none that is read. The reason continues a sentence. */
export type Bounded =
  | {readonly kind: 'read'; readonly bytes: Buffer}
  | {readonly kind: 'folder' | 'missing' | 'refused' | 'unreadable'; readonly reason: string}

/** So long somebody may take who writes into a pipe. */
const pipeMs = 2000

/**
 * Reads a file with variables, of at most 1 MiB, and no more of one that is larger, grows, or has no end. A pipe, as some keepers of secrets have
 * them, is waited for two seconds: it may have nobody at its other end.
 */
export function readBounded(file: string): Bounded {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const found = fstatSync(descriptor)
    if (found.isDirectory()) return {kind: 'folder', reason: 'it is a folder'}
    const bytes = found.isFIFO() ? readPipe(descriptor) : readAtMost(descriptor, maxBytes + 1)
    if (bytes === undefined)
      return {kind: 'refused', reason: `it is a pipe into which nobody has written all within ${pipeMs} ms`}
    return bytes.length > maxBytes ? {kind: 'refused', reason: 'it is larger than 1 MiB'} : {kind: 'read', bytes}
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return {kind: 'missing', reason: 'there is no such file'}
    return {kind: 'unreadable', reason: code ?? 'it cannot be read'}
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function readAtMost(descriptor: number, most: number): Buffer {
  const chunks: Buffer[] = []
  let left = most
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(left, 65_536))
    const length = readSync(descriptor, chunk)
    if (length === 0) break
    chunks.push(chunk.subarray(0, length))
    left -= length
  }
  return Buffer.concat(chunks)
}

/** `undefined`: not all of it came in time. */
function readPipe(descriptor: number): Buffer | undefined {
  const until = performance.now() + pipeMs
  const chunks: Buffer[] = []
  let read = 0
  while (read <= maxBytes) {
    const chunk = nextOf(descriptor)
    if (chunk?.length === 0 && read > 0) return Buffer.concat(chunks)
    if (chunk && chunk.length > 0) {
      chunks.push(chunk)
      read += chunk.length
    } else if (performance.now() > until) return undefined
    else pause(5)
  }
  return Buffer.concat(chunks)
}

/** What is in a pipe; nothing at its end, and before somebody has opened its other end; `undefined` while that writes nothing. */
function nextOf(descriptor: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(65_536)
  try {
    return chunk.subarray(0, readSync(descriptor, chunk))
  } catch (error) {
    if (systemCode(error) === 'EAGAIN') return undefined
    throw error
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
