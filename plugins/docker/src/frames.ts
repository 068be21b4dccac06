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

/** The same of the log of a container with a terminal, which is one stream without frames: each line is a message. */
export async function* linesOf(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{readonly stream: 'stdout'; readonly bytes: Buffer}[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const lines = []
    let at = 0
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline, at)) {
      lines.push({stream: 'stdout' as const, bytes: rest.subarray(at, end + 1)})
      at = end + 1
    }
    rest = rest.subarray(at)
    if (lines.length > 0) yield lines
  }
  if (rest.length > 0) yield [{stream: 'stdout', bytes: rest}]
}

/** A frame of a log with time stamps, one message in each: `2026-01-01T00:00:00.000000000Z text`. */
export function logFrame(stream: LogFrame['stream'], bytes: Buffer): LogFrame {
  const space = bytes.indexOf(0x20)
  return {stream, time: bytes.toString('latin1', 0, space), bytes: bytes.subarray(space + 1)}
}
