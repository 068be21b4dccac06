/** A piece of what the agent says: the answer to a request, or with `data` a part that comes before it. */
export interface Frame {
  readonly id: string
  /** The exit code of the verb. */
  readonly code: number | 'data'
  readonly body: Buffer
}

const lineFeed = 0x0a
/** No line before a frame is longer. */
const longestHead = 1024

/** Cuts frames out of a stream: a line `ID CODE LENGTH`, then so many bytes. What comes before the greeting is whatever a shell says when it begins. */
export class FrameReader {
  private parts: Buffer[] = []
  private size = 0
  private wanted = 1
  private greeted = false

  constructor(private readonly greeting: string) {}

  /** Throws when what comes is no frame. */
  push(chunk: Buffer): readonly Frame[] {
    this.parts.push(chunk)
    this.size += chunk.length
    if (this.size < this.wanted) return []
    let rest: Buffer = Buffer.concat(this.parts)
    const frames: Frame[] = []
    if (!this.greeted) rest = this.greet(rest)
    while (this.greeted) {
      const head = headOf(rest)
      this.wanted = head ? head.end + head.length : rest.length + 1
      if (!head || rest.length < this.wanted) break
      frames.push({id: head.id, code: head.code, body: rest.subarray(head.end, this.wanted)})
      rest = rest.subarray(this.wanted)
    }
    this.parts = [rest]
    this.size = rest.length
    return frames
  }

  private greet(bytes: Buffer): Buffer {
    const at = bytes.indexOf(`${this.greeting}\n`)
    this.greeted = at >= 0
    this.wanted = bytes.length + 1
    return this.greeted ? bytes.subarray(at + this.greeting.length + 1) : bytes
  }
}

function headOf(bytes: Buffer) {
  const at = bytes.indexOf(lineFeed)
  if (at < 0 && bytes.length < longestHead) return undefined
  const line = bytes.toString('latin1', 0, Math.max(0, at))
  const [, id, code, length] = /^(\d+) (\d+|data) (\d+)$/.exec(line) ?? []
  if (id === undefined)
    throw new Error(`the shell there said something that is no answer: ${JSON.stringify(line.slice(0, 200))}`)
  return {id, code: code === 'data' ? ('data' as const) : Number(code), length: Number(length), end: at + 1}
}
