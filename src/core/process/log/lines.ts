/** A line at its position, without its line end. */
export interface TextLine {
  readonly offset: number
  /** The position after it and its line end. */
  readonly next: number
  readonly text: string
}

export interface LineSplitter {
  /** Takes bytes that follow those before, and answers the lines that are whole now. */
  push(bytes: Uint8Array, offset: number): readonly TextLine[]
  /** What has no line end (yet), and begins anew. */
  flush(): TextLine | undefined
}

/** Longer lines arrive in pieces of this size. */
export const longestLine = 1024 * 1024

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Splits bytes into lines of text. Works on bytes, so that a character split between two chunks is whole again; what is not UTF-8
 * shows as replacement characters; NUL and carriage returns inside a line stay.
 */
export function createLineSplitter(): LineSplitter {
  let parts: Buffer[] = []
  let length = 0
  let start = 0

  const take = (lineEnd: 0 | 1): TextLine => {
    const bytes = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length
    const line = {offset: start, next: start + length + lineEnd, text: bytes.toString('utf8', 0, end)}
    parts = []
    length = 0
    return line
  }
  const add = (bytes: Buffer, offset: number): void => {
    if (length === 0) start = offset
    if (bytes.length > 0) parts.push(bytes)
    length += bytes.length
  }
  return {
    push(input, offset) {
      const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
      const lines: TextLine[] = []
      let at = 0
      while (at < bytes.length) {
        const end = bytes.indexOf(lineFeed, at)
        const stop = end < 0 ? bytes.length : end
        const cut = characterEnd(bytes, at + Math.max(0, longestLine - length))
        if (stop > cut) {
          add(bytes.subarray(at, cut), offset + at)
          lines.push(take(0))
          at = cut
          continue
        }
        add(bytes.subarray(at, stop), offset + at)
        if (end >= 0) lines.push(take(1))
        at = stop + 1
      }
      return lines
    },
    flush: () => (length === 0 ? undefined : take(0)),
  }
}

/** The first position from `at` on that is not inside a character. */
function characterEnd(bytes: Buffer, at: number): number {
  let end = at
  while (end < at + 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end += 1
  return end
}
