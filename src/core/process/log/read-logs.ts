import {anySignal} from '../../base/any-signal.js'
import {isoTime} from '../../base/clock.js'
import type {LogLine, LogSource} from '../../contract/log.js'
import {findTail} from './find-tail.js'
import {createMailbox, type Mailbox} from './mailbox.js'
import {readLines, type LineBatch, type SourceLine} from './read-lines.js'

/** One stream of one attempt. */
export interface LogInput {
  readonly source: LogSource
  readonly stack: string
  readonly service: string
  readonly attempt: number
  /** Settles when the workload has ended: following then ends for this source, with its last line. */
  readonly ended?: Promise<unknown>
}

export interface ReadLogsOptions {
  /** The last lines of all sources together; `null`: everything. */
  readonly tail: number | null
  readonly follow: boolean
  readonly signal: AbortSignal
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
  const {tail, follow} = options
  const finished = new AbortController()
  using either = anySignal(options.signal, finished.signal)
  const {signal} = either
  const starts = await Promise.all(
    inputs.map(({source}) => (tail === null ? Promise.resolve({offset: 0, lines: 0}) : findTail(source, tail))),
  )
  const found = starts.reduce((sum, {lines}) => sum + lines, 0)
  const readers = await Promise.all(
    inputs.map((input, index) => openReader(input, {from: starts[index]?.offset ?? 0, follow, signal})),
  )
  try {
    yield* mergeHistory(readers, Math.max(0, found - (tail ?? found)), signal)
    if (follow && !signal.aborted) yield* mergeLive(readers, {...options, signal})
  } finally {
    finished.abort()
  }
}

interface Reader {
  readonly input: LogInput
  readonly batches: AsyncGenerator<LineBatch, void>
  /** What is before it is history; what comes after is live, so that a log which never pauses holds up no other. */
  readonly historyEnd: number
  /** Lines read and not yet given out. */
  lines: readonly SourceLine[]
  at: number
  state: 'caught up' | 'ended' | 'reading'
}

async function openReader(
  input: LogInput,
  options: {readonly from: number; readonly follow: boolean; readonly signal: AbortSignal},
): Promise<Reader> {
  const ended = new AbortController()
  const end = (): void => {
    ended.abort()
  }
  input.ended?.then(end, end)
  return {
    input,
    batches: readLines(input.source, {...options, ended: ended.signal}),
    historyEnd: options.follow ? await input.source.end() : Number.POSITIVE_INFINITY,
    lines: [],
    at: 0,
    state: 'reading',
  }
}

/** Fills the reader with lines; `false` when there are none now. */
async function advance(reader: Reader): Promise<boolean> {
  while (reader.at >= reader.lines.length) {
    if (reader.state !== 'reading') return false
    const next = await reader.batches.next()
    reader.lines = next.done ? [] : next.value.lines
    reader.at = 0
    if (next.done) reader.state = 'ended'
    else if (next.value.caughtUp || (reader.lines.at(-1)?.offset ?? 0) >= reader.historyEnd) reader.state = 'caught up'
  }
  return true
}

async function* mergeHistory(
  readers: readonly Reader[],
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LogLine[], void> {
  let left = skip
  let batch: LogLine[] = []
  let open: readonly Reader[] = readers
  for (;;) {
    const ready: Reader[] = []
    for (const reader of open) if (reader.at < reader.lines.length || (await advance(reader))) ready.push(reader)
    open = ready
    const earliest = earliestOf(ready)
    if (!earliest || signal.aborted) break
    const line = earliest.lines[earliest.at]
    earliest.at += 1
    if (left > 0) left -= 1
    else if (line) batch.push(toLogLine(earliest.input, line))
    if (batch.length < batchLines) continue
    yield batch
    batch = []
  }
  if (batch.length > 0 && !signal.aborted) yield batch
}

function earliestOf(readers: readonly Reader[]): Reader | undefined {
  let best: Reader | undefined
  for (const reader of readers) if (!best || timeOf(reader) < timeOf(best)) best = reader
  return best
}

function timeOf(reader: Reader): number {
  return reader.lines[reader.at]?.time.at ?? Number.POSITIVE_INFINITY
}

async function* mergeLive(
  readers: readonly Reader[],
  options: ReadLogsOptions,
): AsyncGenerator<readonly LogLine[], void> {
  const {signal, moreSources} = options
  const mailbox = createMailbox<readonly LogLine[]>()
  const close = (): void => {
    mailbox.close()
  }
  signal.addEventListener('abort', close, {once: true})
  const pumps = readers.filter(({state}) => state !== 'ended').map((reader) => pump(reader, mailbox))
  const arrivals = (async () => {
    if (!moreSources) return
    const started: Promise<void>[] = []
    for await (const input of moreSources) {
      started.push(openReader(input, {from: 0, follow: true, signal}).then((reader) => pump(reader, mailbox)))
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

async function pump(reader: Reader, mailbox: Mailbox<readonly LogLine[]>): Promise<void> {
  for await (const {lines} of reader.batches) {
    if (lines.length > 0) await mailbox.put(lines.map((line) => toLogLine(reader.input, line)))
  }
}

function toLogLine(input: LogInput, line: SourceLine): LogLine {
  const {stack, service, attempt, source} = input
  return {
    time: isoTime(line.time.at),
    ...(line.time.estimated && {estimated: true}),
    stack,
    service,
    stream: source.stream,
    attempt,
    offset: line.offset,
    text: line.text,
    ...(line.gap && {gap: {bytes: line.gap.bytes ?? null, reason: line.gap.reason}}),
  }
}
