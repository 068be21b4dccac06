import type {LogSource} from '../../contract/log.js'
import {readBytes} from './read-lines.js'

const lineFeed = 0x0a

/** The first position from `offset` on at which a line begins; where output is missing, `offset` itself, so that a reader meets the gap. */
export async function findLine(source: LogSource, offset: number): Promise<number> {
  if (offset <= 0) return 0
  let position = offset - 1
  for (;;) {
    const {bytes, offset: found} = await source.read(position, readBytes)
    if (found !== position) return offset
    const at = bytes.indexOf(lineFeed)
    if (at >= 0) return position + at + 1
    position += bytes.length
    if (bytes.length === 0) return position
  }
}

export interface LogRange {
  readonly from: number
  /** Left out: no end. */
  readonly to?: number
}

/** The lines that were printed from `since` on and before `until`, in milliseconds since the epoch. A search, not a scan. */
export async function findRange(
  source: LogSource,
  {since, until}: {readonly since?: number | undefined; readonly until?: number | undefined},
): Promise<LogRange> {
  const from = since === undefined ? 0 : await findLine(source, await source.offsetAt(since))
  if (until === undefined) return {from}
  return {from, to: Math.max(from, await findLine(source, await source.offsetAt(until)))}
}
