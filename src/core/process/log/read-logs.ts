import {anySignal} from '../../base/any-signal.js'
import type {LogLine, LogPosition} from '../../contract/log.js'
import {findRange, type LogRange} from './find-line.js'
import {findTail} from './find-tail.js'
import {openReader, toLogLine, type LogInput, type LogReader, type SelectLines} from './log-reader.js'
import {createMailbox, type Mailbox} from './mailbox.js'

export interface ReadLogsOptions {
  /** The last lines of all sources together; `null`: everything. */
  readonly tail: number | null
  readonly follow: boolean
  /** Lines printed at or after this time, in milliseconds since the epoch. */
  readonly since?: number | undefined
  /** Lines printed before this time. Not with `follow`. */
  readonly until?: number | undefined
  /** Only these lines. Gaps are for it to keep. */
  readonly select?: SelectLines | undefined
  readonly signal: AbortSignal
  /** Hears, before the first line, where each source begins. */
  readonly onBegin?: ((positions: readonly LogPosition[]) => void) | undefined
  /** Attempts that begin while following. Following ends when these and all sources have ended. */
  readonly moreSources?: AsyncIterable<LogInput>
}

const batchLines = 256

/**
 * Merges logs in the order of time: what is there already, exactly; with `follow` then what comes, as it comes. Reads only as fast
 * as it is asked, at most 64 KiB of each source ahead. Ends quietly when `signal` aborts.
 */
export async function* readLogs(
  inputs: readonly LogInput[],
  options: ReadLogsOptions,
): AsyncGenerator<readonly LogLine[], void> {
  const {tail, follow, select} = options
  const finished = new AbortController()
  using either = anySignal(options.signal, finished.signal)
  const {signal} = either
  try {
    const ranges = await Promise.all(inputs.map((input) => rangeOf(input, options)))
    const starts = await Promise.all(
      inputs.map(async ({source}, index) => {
        const range = ranges[index] ?? {from: 0}
        return tail === null
          ? {offset: range.from, lines: 0}
          : await findTail(source, {count: tail, range, select, signal})
      }),
    )
    const found = starts.reduce((sum, {lines}) => sum + lines, 0)
    const readers = await Promise.all(
      inputs.map((input, index) => {
        const range = {...ranges[index], from: starts[index]?.offset ?? 0}
        return openReader(input, {range, follow, select, signal})
      }),
    )
    await skip(readers, Math.max(0, found - (tail ?? found)), signal)
    options.onBegin?.(readers.map((reader) => reader.position()))
    yield* mergeHistory(readers, signal)
    if (follow && !signal.aborted) yield* mergeLive(readers, {...options, signal})
  } finally {
    finished.abort()
  }
}

async function rangeOf({source, from = 0}: LogInput, wish: ReadLogsOptions): Promise<LogRange> {
  const range = await findRange(source, wish)
  return {...range, from: Math.max(from, range.from)}
}

/** Of the last lines of each source, those that are not among the last of all. */
async function skip(readers: readonly LogReader[], count: number, signal: AbortSignal): Promise<void> {
  for (let left = count; left > 0 && !signal.aborted; left -= 1) (await earliest(readers))?.reader.take()
}

async function* mergeHistory(
  readers: readonly LogReader[],
  signal: AbortSignal,
): AsyncGenerator<readonly LogLine[], void> {
  let batch: LogLine[] = []
  for (let next = await earliest(readers); next && !signal.aborted; next = await earliest(readers)) {
    batch.push(toLogLine(next.reader.input, next.line))
    next.reader.take()
    if (batch.length < batchLines) continue
    yield batch
    batch = []
  }
  if (batch.length > 0 && !signal.aborted) yield batch
}

async function earliest(readers: readonly LogReader[]) {
  let best
  for (const reader of readers) {
    if (reader.isDry()) continue
    const line = reader.line() ?? (await reader.fill())
    if (line && (!best || line.time.at < best.line.time.at)) best = {reader, line}
  }
  return best
}

async function* mergeLive(
  readers: readonly LogReader[],
  options: ReadLogsOptions,
): AsyncGenerator<readonly LogLine[], void> {
  const {signal, moreSources, select} = options
  const mailbox = createMailbox<readonly LogLine[]>()
  const close = (): void => {
    mailbox.close()
  }
  signal.addEventListener('abort', close, {once: true})
  const pumps = readers.map((reader) => pump(reader, mailbox))
  const arrivals = (async () => {
    if (!moreSources) return
    const started: Promise<void>[] = []
    for await (const input of moreSources) {
      const reading = rangeOf(input, options).then((range) => openReader(input, {range, follow: true, select, signal}))
      started.push(reading.then((reader) => pump(reader, mailbox)))
    }
    await Promise.all(started)
  })()
  const failure: {error?: unknown} = {}
  Promise.all([...pumps, arrivals]).then(close, (error: unknown) => {
    failure.error = error
    close()
  })
  try {
    for (let lines = await mailbox.take(); lines; lines = await mailbox.take()) yield lines
    if (failure.error instanceof Error && !signal.aborted) throw failure.error
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

async function pump(reader: LogReader, mailbox: Mailbox<readonly LogLine[]>): Promise<void> {
  for await (const lines of reader.rest()) await mailbox.put(lines)
}
