import {anySignal} from '../../base/any-signal.js'
import type {LogGap, LogSource, LogTime} from '../../contract/log.js'
import {createLineSplitter, type TextLine} from './lines.js'

/** A line or a gap of one source, with its time. */
export interface SourceLine extends TextLine {
  readonly time: LogTime
  readonly gap?: LogGap
}

export interface ReadLinesOptions {
  /** A position at the beginning of a line. */
  readonly from: number
  /** A position at the beginning of a line, before which it ends. */
  readonly to?: number
  /** `false` ends at the last byte there is now. */
  readonly follow: boolean
  /** Aborts when the workload has ended: what is left is read, and that is all. */
  readonly ended?: AbortSignal
  readonly signal: AbortSignal
}

/** One answer of `readLines`; `caughtUp` when there was nothing more to read just now. */
export interface LineBatch {
  readonly lines: readonly SourceLine[]
  /** What has been read, also of a line that is not whole yet. */
  readonly position: number
  readonly caughtUp: boolean
}

export const readBytes = 64 * 1024

/**
 * Reads the lines of a source in order, 64 KiB at a time and only when asked for more. A last line without a line end is given once
 * nothing can follow it. Ends quietly when `signal` aborts.
 */
export async function* readLines(source: LogSource, options: ReadLinesOptions): AsyncGenerator<LineBatch, void> {
  const splitter = createLineSplitter()
  const {follow, ended, signal} = options
  const limit = options.to ?? (follow ? Number.POSITIVE_INFINITY : await source.end())
  using either = anySignal(signal, ended)
  const interrupted = either.signal
  let position = options.from
  const told = new Set<string>()
  while (!signal.aborted) {
    const last = !follow || ended?.aborted === true
    const chunk = await source.read(position, Math.min(readBytes, Math.max(0, limit - position)))
    const lines: SourceLine[] = []
    if (chunk.gap) {
      lines.push(
        ...(await timed(source, flushed(splitter.flush()))),
        await gapLine(source, chunk.offset, chunk.gap, told),
      )
    }
    lines.push(...(await timed(source, splitter.push(chunk.bytes, chunk.offset))))
    position = chunk.offset + chunk.bytes.length
    const caughtUp = chunk.bytes.length === 0
    if (caughtUp && last) lines.push(...(await timed(source, flushed(splitter.flush()))))
    yield {lines, position, caughtUp}
    if (!caughtUp) continue
    if (last) return
    await source.changed(position, interrupted).catch(() => undefined)
  }
}

function flushed(line: TextLine | undefined): readonly TextLine[] {
  return line ? [line] : []
}

const again = {
  cut: 'the program cut its log again: lines before this one may be lost',
  retention: 'older than what is kept',
} as const

/** The full advice once; after that one would read nothing else. */
async function gapLine(source: LogSource, offset: number, gap: LogGap, told: Set<string>): Promise<SourceLine> {
  const text = told.has(gap.text) ? again[gap.reason] : gap.text
  told.add(gap.text)
  return {offset, next: offset, text, time: await source.timeAt(Math.max(0, offset - 1)), gap}
}

/** Times rise with the position, so that one question is enough for all lines of the same moment. */
async function timed(source: LogSource, lines: readonly TextLine[]): Promise<readonly SourceLine[]> {
  const first = lines[0]
  const last = lines.at(-1)
  if (!first || !last) return []
  const earliest = await source.timeAt(first.offset)
  const latest = await source.timeAt(last.offset)
  if (earliest.at === latest.at && earliest.estimated === latest.estimated) {
    return lines.map((line) => withTime(line, earliest))
  }
  const found: SourceLine[] = []
  for (const line of lines) found.push(withTime(line, await source.timeAt(line.offset)))
  return found
}

/** Written out: what a spread makes goes to the old generation of Node 20's heap at once, and there are millions of lines. */
function withTime({offset, next, text}: TextLine, time: LogTime): SourceLine {
  return {offset, next, text, time}
}
