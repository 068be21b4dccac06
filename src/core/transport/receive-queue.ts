import {limits} from '../protocol/messages.js'

export interface ReceivedBytes {
  readonly stream: 'stderr' | 'stdin' | 'stdout'
  readonly bytes: Uint8Array
}

/** More parts than this are put together: a part costs more than the one byte that it may hold. */
const mostParts = 256

/** What has come in a channel and is not taken yet, for one reader. What the reader has done with is told to the other end, so that it may send more. */
export class ReceiveQueue implements AsyncIterable<ReceivedBytes> {
  private parts: ReceivedBytes[] = []
  /** Bytes that have come and are not done with. */
  private held = 0
  /** Bytes that are done with and not told yet. */
  private untold = 0
  private ended = false
  private wake: () => void = () => undefined

  constructor(private readonly tell: (bytes: number) => void) {}

  /** `false`: it is more than the window allows. */
  push(part: ReceivedBytes): boolean {
    if (this.ended || part.bytes.length === 0) return true
    this.held += part.bytes.length
    if (this.held + this.untold > limits.windowBytes) return false
    this.parts.push(part)
    if (this.parts.length > mostParts) this.parts = joined(this.parts)
    this.wake()
    return true
  }

  /** Nothing more comes; what is there can still be read. */
  end(): void {
    this.ended = true
    this.wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ReceivedBytes> {
    for (;;) {
      const part = this.parts.shift()
      if (part) {
        yield part
        this.done(part.bytes.length)
      } else if (this.ended) return
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    }
  }

  private done(bytes: number): void {
    this.held -= bytes
    this.untold += bytes
    if (this.parts.length > 0 && this.untold < limits.windowBytes / 4) return
    const told = this.untold
    this.untold = 0
    if (!this.ended) this.tell(told)
  }
}

/** Neighbours of the same stream as one. */
function joined(parts: readonly ReceivedBytes[]): ReceivedBytes[] {
  const runs: ReceivedBytes[][] = []
  for (const part of parts) {
    const last = runs.at(-1)
    if (last?.[0]?.stream === part.stream) last.push(part)
    else runs.push([part])
  }
  return runs.flatMap(([first, ...rest]) =>
    first ? [{stream: first.stream, bytes: Buffer.concat([first, ...rest].map(({bytes}) => bytes))}] : [],
  )
}
