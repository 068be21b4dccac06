/** A message of the log of a container: a line, or a part of a very long one. */
export interface LogFrame {
  readonly stream: 'stderr' | 'stdout'
  /** When it was printed, as the engine has it: RFC 3339 with nanoseconds. Sorts as text. */
  readonly time: string
  readonly bytes: Buffer
}

const headerBytes = 8
const newline = 0x0a

/** Takes the multiplexed stream apart that the engine sends for a container without a terminal. Bytes of a frame that is not whole are dropped at the end. */
export async function* framesOf(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{readonly stream: 'stderr' | 'stdout'; readonly bytes: Buffer}[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames = []
    let at = 0
    while (rest.length - at >= headerBytes) {
      const size = rest.readUInt32BE(at + 4)
      if (rest.length - at < headerBytes + size) break
      const stream = rest[at] === 2 ? ('stderr' as const) : ('stdout' as const)
      frames.push({stream, bytes: rest.subarray(at + headerBytes, at + headerBytes + size)})
      at += headerBytes + size
    }
    rest = rest.subarray(at)
    if (frames.length > 0) yield frames
  }
}

/** A longer one is cut: what has no end is not gathered until it has one. */
const longestLine = 64 * 1024

interface Line {
  readonly stream: 'stdout'
  readonly bytes: Buffer
}

/** The same of the log of a container with a terminal, which is one stream without frames: each line is a message, or several when it is very long. */
export async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const lines: Line[] = []
    for (;;) {
      const end = rest.indexOf(newline) + 1
      if ((end === 0 ? rest.length : end) > longestLine) {
        lines.push({stream: 'stdout', bytes: rest.subarray(0, longestLine)})
        // Each part has the time of the line.
        rest = Buffer.concat([timeBefore(rest), rest.subarray(longestLine)])
      } else if (end === 0) break
      else {
        lines.push({stream: 'stdout', bytes: rest.subarray(0, end)})
        rest = rest.subarray(end)
      }
    }
    if (lines.length > 0) yield lines
  }
  if (rest.length > 0) yield [{stream: 'stdout', bytes: rest}]
}

/** With the space behind it. */
function timeBefore(line: Buffer): Buffer {
  return line.subarray(0, line.subarray(0, 40).indexOf(0x20) + 1)
}

/** A frame of a log with time stamps, one message in each: `2026-01-01T00:00:00.000000000Z text`. */
export function logFrame(stream: LogFrame['stream'], bytes: Buffer): LogFrame {
  const space = bytes.indexOf(0x20)
  return {stream, time: bytes.toString('latin1', 0, space), bytes: bytes.subarray(space + 1)}
}
