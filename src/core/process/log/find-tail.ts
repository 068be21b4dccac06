import type {LogSource} from '../../contract/log.js'
import {findLine, type LogRange} from './find-line.js'
import {readBytes, readLines, type SourceLine} from './read-lines.js'

export interface TailWish {
  readonly count: number
  readonly range: LogRange
  /** Only these count. Left out: all. */
  readonly select?: ((lines: readonly SourceLine[]) => Promise<readonly SourceLine[]>) | undefined
  readonly signal: AbortSignal
}

/** A piece of a log without the beginning of a line is not looked at as a whole beyond this size. */
const longestPiece = 4 * 1024 * 1024

/** Where the last `count` lines of a range begin, and how many there are. Reads backwards, so that a long log costs nothing. */
export async function findTail(
  source: LogSource,
  wish: TailWish,
): Promise<{readonly offset: number; readonly lines: number}> {
  const {count, range, signal} = wish
  let end = range.to ?? (await source.end())
  if (count <= 0) return {offset: end, lines: 0}
  let lines = 0
  while (end > range.from && !signal.aborted) {
    const begin = await pieceBefore(source, end, range.from)
    const {found, hasGap} = await readPiece(source, begin, end, wish)
    const first = found.at(lines - count)
    if (lines + found.length >= count && first && !first.gap) return {offset: first.offset, lines: count}
    lines += found.length
    // All before is gone: read from the very beginning, the gap says how much.
    if (hasGap) break
    end = begin
  }
  return {offset: range.from, lines}
}

/** Where whole lines begin that end at `end`: some 64 KiB before. */
async function pieceBefore(source: LogSource, end: number, from: number): Promise<number> {
  for (let size = readBytes; size <= longestPiece; size *= 2) {
    if (end - size <= from) return from
    const start = await findLine(source, end - size)
    if (start < end) return start
  }
  return Math.max(from, end - longestPiece)
}

async function readPiece(source: LogSource, from: number, to: number, {select, signal}: TailWish) {
  const lines: SourceLine[] = []
  for await (const batch of readLines(source, {from, to, follow: false, signal})) lines.push(...batch.lines)
  return {found: select ? await select(lines) : lines, hasGap: lines.some(({gap}) => gap)}
}
