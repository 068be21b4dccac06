import {isoTime} from '../../base/clock.js'
import type {LogLine, LogPosition, LogSource} from '../../contract/log.js'
import type {LogRange} from './find-line.js'
import {readLines, type LineBatch, type SourceLine} from './read-lines.js'

/** One stream of one attempt. */
export interface LogInput {
  readonly source: LogSource
  readonly stack: string
  readonly service: string
  readonly attempt: number
  /** The position after what the reader has already. @default 0 */
  readonly from?: number
  /** Settles when the workload has ended: following then ends for this source, with its last line. */
  readonly ended?: Promise<unknown>
}

/** Chooses among lines. */
export type SelectLines = (lines: readonly SourceLine[]) => Promise<readonly SourceLine[]>

export interface ReaderOptions {
  readonly range: LogRange
  readonly follow: boolean
  readonly select?: SelectLines | undefined
  readonly signal: AbortSignal
}

/** Reads one input, a few lines ahead. */
export interface LogReader {
  readonly input: LogInput
  /** There is no line now, or none any more. */
  isDry(): boolean
  /** The next line, where it has been read already. */
  line(): SourceLine | undefined
  /** Reads on up to the next line. */
  fill(): Promise<SourceLine | undefined>
  /** Goes on to the line after. */
  take(): void
  /** Where the next line begins. */
  position(): LogPosition
  /** Batches of what comes, once it is dry. */
  rest(): AsyncGenerator<readonly LogLine[], void>
}

/** What is there when it opens is history, and taken line by line; what comes after is live, so that a log which never pauses holds up no other. */
export async function openReader(input: LogInput, options: ReaderOptions): Promise<LogReader> {
  const {range, follow, select, signal} = options
  const ended = new AbortController()
  const end = (): void => {
    ended.abort()
  }
  input.ended?.then(end, end)
  const batches = readLines(input.source, {...range, follow, ended: ended.signal, signal})
  const historyEnd = follow ? await input.source.end() : Number.POSITIVE_INFINITY
  let lines: readonly SourceLine[] = []
  let at = 0
  let next = range.from
  let state: 'caught up' | 'ended' | 'reading' = 'reading'

  const chosen = async (batch: LineBatch): Promise<readonly SourceLine[]> =>
    select && batch.lines.length > 0 ? select(batch.lines) : batch.lines
  const advance = async (): Promise<void> => {
    const {value, done} = await batches.next()
    lines = done ? [] : await chosen(value)
    at = 0
    if (done) state = 'ended'
    else if (value.caughtUp || value.position >= historyEnd) state = 'caught up'
  }
  const isOver = (): boolean => state === 'ended'
  return {
    input,
    isDry: () => at >= lines.length && state !== 'reading',
    line: () => lines[at],
    async fill() {
      while (at >= lines.length && state === 'reading') await advance()
      return lines[at]
    },
    take() {
      next = lines[at]?.next ?? next
      at += 1
    },
    position() {
      const {service, attempt, source} = input
      return {service, attempt, stream: source.stream, offset: lines[at]?.offset ?? next}
    },
    async *rest() {
      if (isOver()) return
      for await (const batch of batches) {
        const found = await chosen(batch)
        if (found.length > 0) yield found.map((line) => toLogLine(input, line))
      }
    },
  }
}

export function toLogLine(input: LogInput, line: SourceLine): LogLine {
  const {stack, service, attempt, source} = input
  const {time, offset, next, text, gap} = line
  const {stream} = source
  // Most lines are written out, without a spread: see `withTime`.
  const plain = {time: isoTime(time.at), stack, service, stream, attempt, offset, next, text}
  if (!time.estimated && !gap) return plain
  return {
    ...plain,
    ...(time.estimated && {estimated: true}),
    ...(gap && {gap: {bytes: gap.bytes ?? null, reason: gap.reason}}),
  }
}
