import {open} from 'node:fs/promises'
import {systemCode} from '../../base/errors.js'
import type {LogChunk, LogGap} from '../../contract/log.js'
import {asideOf} from './aside.js'
import type {Growth} from './growth.js'
import {logHeader} from './log-file.js'
import type {LogIndex} from './log-index.js'
import type {Samples} from './samples.js'

interface Reading {
  readonly file: string
  readonly growth: Growth
  readonly index: LogIndex
  readonly samples: Samples
}

/** Reads from a position on, passing over what is gone. */
export async function readChunk(reading: Reading, offset: number, limit: number): Promise<LogChunk> {
  const {growth, samples} = reading
  let position = offset
  for (;;) {
    growth.look()
    const [base, origin] = [growth.base(), growth.origin()]
    const part = partOf(reading, Math.max(position, base))
    const before = samples.before(part.from)
    const lead = before && part.from - before.length >= Math.max(base, part.origin) ? before : nothing
    const bytes = await readAfter(part, lead.length, limit)
    growth.look()
    if (growth.base() !== base || growth.origin() !== origin) continue
    if (bytes.length <= lead.length && part.next !== undefined) {
      position = part.next
      continue
    }
    if (bytes === nothing) return {bytes, offset}
    if (!lead.equals(bytes.subarray(0, lead.length))) {
      growth.foundCut(part.from)
      continue
    }
    return chunkOf(reading, offset, part.from, {bytes, lead: lead.length})
  }
}

function chunkOf(
  {samples, index}: Reading,
  offset: number,
  from: number,
  {bytes, lead}: {readonly bytes: Buffer; readonly lead: number},
): LogChunk {
  const fresh = bytes.subarray(lead)
  if (fresh.length > 0) samples.keep(from + fresh.length, bytes)
  return {bytes: fresh, offset: from, ...(from > offset && {gap: gapOf(offset, from, index)})}
}

/** A file that was removed with its run directory has none of these either. */
const nothing = Buffer.alloc(0)

/** The file that has a position, or the next one that is still there. */
interface Part {
  readonly file: string
  readonly from: number
  /** The position of the file's first byte. */
  readonly origin: number
  readonly end: number
  /** Where to go on when the file is not there. */
  readonly next?: number
}

function partOf({file, growth, index}: Reading, position: number): Part {
  const moved = index.moved()
  if (moved && position < moved.at - 1) {
    return {
      file: asideOf(file),
      from: position,
      origin: moved.before ?? -logHeader.length,
      end: moved.at - 1,
      next: moved.at,
    }
  }
  const from = Math.max(position, moved?.at ?? 0)
  return {file, from, origin: growth.origin(), end: Number.POSITIVE_INFINITY}
}

/** A cut moves the base one beyond the last byte seen, so that every reader passes over it. */
function gapOf(offset: number, from: number, index: LogIndex): LogGap {
  const cutAt = index.cutAt() ?? 0
  const isMove = from === index.moved()?.at
  const bytes = from - offset - (offset < cutAt || isMove ? 1 : 0)
  const size = bytes > 0 && {bytes}
  if (isMove)
    return {
      ...size,
      reason: 'retention',
      text: 'the log was copied aside here: what was printed in that instant may be lost',
    }
  if (from > cutAt) {
    const text = 'older than what is kept. `logs: {max_size: …, keep: …}` of the service says how much that is'
    return {...size, reason: 'retention', text}
  }
  return {
    ...size,
    reason: 'cut',
    text: 'the program re-opened its output and cut the log (as `echo … > /dev/stderr` does): lines before this one are lost. Add `logs: {capture: pipe}` to the service to keep them all',
  }
}

/** Bytes from the part's position on, and the few before that are to be compared. */
async function readAfter({file, from, origin, end}: Part, lead: number, limit: number): Promise<Buffer> {
  await using handle = await open(file, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return nothing
  const buffer = Buffer.allocUnsafe(lead + Math.min(limit, end - from))
  const {bytesRead} = await handle.read(buffer, 0, buffer.length, from - origin - lead)
  return buffer.subarray(0, bytesRead)
}
