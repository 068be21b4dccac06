import {open} from 'node:fs/promises'
import type {Clock} from '../../base/clock.js'
import {systemCode} from '../../base/errors.js'
import type {LogChunk, LogGap, LogSource} from '../../contract/log.js'
import {watchGrowth} from './growth-watch.js'
import {trackGrowth, type Growth} from './growth.js'
import {openLogIndex, type LogIndex} from './log-index.js'
import type {RetentionOptions} from './retention.js'
import {createSamples, type Samples} from './samples.js'

export interface FileLogOptions {
  readonly file: string
  readonly stream: 'stderr' | 'stdout'
  readonly clock: Clock
  /** Nobody can have written to it before now. Otherwise what is there has estimated times. */
  readonly fresh: boolean
  readonly retention: RetentionOptions
}

/** A log in an append-only file, which is watched from the start so that its lines have times. */
export interface FileLog extends LogSource {
  /** The position after the last byte seen. */
  seen(): number
  /** Stops watching, after a last look. It can still be read. Idempotent. */
  close(): void
}

/**
 * Reads a log file by positions that stay valid when the program cuts it (by re-opening /dev/stderr, for example): what was there
 * before becomes a gap that says how to avoid it. The watch never reads: one `stat` at most every 250 ms.
 */
export function fileLogSource(options: FileLogOptions): FileLog {
  const index = openLogIndex(`${options.file}.index`)
  const growth = trackGrowth(options.file, index, options)
  const samples = createSamples()
  const watch = watchGrowth(options.file, growth, options.clock)
  return {
    stream: options.stream,
    seen: () => growth.end(),
    read: (offset, limit) => readChunk({file: options.file, growth, index, samples}, offset, limit),
    end() {
      growth.look()
      return Promise.resolve(growth.end())
    },
    changed: (offset, signal) => watch.changed(offset, signal),
    timeAt(offset) {
      return Promise.resolve(index.timeAt(offset) ?? {at: options.clock.now(), estimated: false})
    },
    offsetAt(time) {
      growth.look()
      return Promise.resolve(index.offsetAt(time) ?? growth.end())
    },
    close() {
      watch.close()
      index.flush()
    },
  }
}

interface Reading {
  readonly file: string
  readonly growth: Growth
  readonly index: LogIndex
  readonly samples: Samples
}

async function readChunk(reading: Reading, offset: number, limit: number): Promise<LogChunk> {
  const {file, growth, samples} = reading
  for (;;) {
    growth.look()
    const base = growth.base()
    const from = Math.max(offset, base)
    const before = samples.before(from)
    const expected = before && from - before.length >= base ? before : undefined
    const lead = expected?.length ?? 0
    const bytes = await readAt(file, from - growth.origin() - lead, lead + limit)
    if (bytes === undefined) return {bytes: new Uint8Array(), offset}
    growth.look()
    if (growth.base() !== base) continue
    if (expected && !expected.equals(bytes.subarray(0, lead))) {
      growth.foundCut(from)
      continue
    }
    const fresh = bytes.subarray(lead)
    if (fresh.length > 0) {
      samples.keep(from + fresh.length, bytes)
    }
    return {bytes: fresh, offset: from, ...(from > offset && {gap: gapOf(offset, from, reading.index)})}
  }
}

/** A cut moves the base one beyond the last byte seen, so that every reader passes over it. */
function gapOf(offset: number, from: number, index: LogIndex): LogGap {
  const cutAt = index.cutAt() ?? 0
  const bytes = from - offset - (offset < cutAt ? 1 : 0)
  const size = bytes > 0 && {bytes}
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

/** `undefined` when the file was removed with its run directory. */
async function readAt(file: string, position: number, length: number): Promise<Buffer | undefined> {
  await using handle = await open(file, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  const buffer = Buffer.allocUnsafe(length)
  const {bytesRead} = await handle.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
