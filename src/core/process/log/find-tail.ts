import type {LogSource} from '../../contract/log.js'
import {readBytes} from './read-lines.js'

const lineFeed = 0x0a

/** Where the last `count` lines begin, and how many there are. Reads backwards, so that a long log costs nothing. */
export async function findTail(
  source: LogSource,
  count: number,
): Promise<{readonly offset: number; readonly lines: number}> {
  const end = await source.end()
  if (count <= 0) return {offset: end, lines: 0}
  let lines = 0
  let position = end
  while (position > 0) {
    const from = Math.max(0, position - readBytes)
    const chunk = await source.read(from, position - from)
    const size = Math.min(chunk.bytes.length, Math.max(0, position - chunk.offset))
    if (position === end && size > 0 && chunk.bytes[size - 1] !== lineFeed) lines += 1
    for (let at = size - 1; at >= 0; at -= 1) {
      if (chunk.bytes[at] !== lineFeed) continue
      if (lines === count) return {offset: chunk.offset + at + 1, lines}
      lines += 1
    }
    if (chunk.gap) return {offset: 0, lines: lines + 1}
    position = from
  }
  return {offset: 0, lines}
}
