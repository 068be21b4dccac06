import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'
import {systemCode} from '../base/errors.js'

/** Of a file with variables. */
const maxBytes = 1024 * 1024

/** `refused`: it is there, and is none that is read. The reason continues a sentence. */
export type Bounded =
  | {readonly kind: 'read'; readonly bytes: Buffer}
  | {readonly kind: 'folder' | 'missing' | 'refused' | 'unreadable'; readonly reason: string}

/**
 * Reads a file with variables, of at most 1 MiB, and no more of one that is larger, grows, or has no end. Never waits: a named pipe may have
 * nobody at its other end.
 */
export function readBounded(file: string): Bounded {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    const found = fstatSync(descriptor)
    if (found.isDirectory()) return {kind: 'folder', reason: 'it is a folder'}
    if (found.isFIFO()) return {kind: 'refused', reason: 'it is a pipe, and only files are read'}
    const bytes = readAtMost(descriptor, maxBytes + 1)
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
