import type {Clock} from '../../base/clock.js'
import type {SessionOutput} from '../../contract/session.js'

/** What prints, for as long as it is not paused. */
export interface Flow {
  pause(): void
  resume(): void
  /** It has ended, and what it printed may be gone soon. */
  isOver(): boolean
}

/** More than this waits for nobody. */
const mostBytes = 64 * 1024
/** How often a paused flow is looked at, in milliseconds: what it printed last is thrown away 200 ms after its end. */
const lookMs = 50

/** Turns what a terminal pushes into something to be read at the reader's pace. */
export class TerminalOutput {
  private parts: Uint8Array[] = []
  private size = 0
  private ended = false
  private dropping = false
  private paused: Disposable | undefined
  private wake: () => void = () => undefined

  constructor(
    private readonly flow: Flow,
    private readonly clock: Clock,
  ) {}

  push(bytes: Uint8Array): void {
    if (this.dropping) return
    this.parts.push(bytes)
    this.size += bytes.length
    if (this.size >= mostBytes && !this.paused && !this.flow.isOver()) this.pause()
    this.wake()
  }

  end(): void {
    this.ended = true
    this.goOn()
    this.wake()
  }

  /** Nobody reads it any more. */
  drop(): void {
    this.dropping = true
    this.parts = []
    this.end()
  }

  async *read(): AsyncGenerator<SessionOutput> {
    for (;;) {
      const bytes = this.parts.shift()
      if (bytes) {
        this.size -= bytes.length
        if (this.size < mostBytes / 2) this.goOn()
        yield {stream: 'stdout', bytes}
      } else if (this.ended) return
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      }
    }
  }

  private pause(): void {
    this.flow.pause()
    const look = (): void => {
      if (this.flow.isOver()) this.goOn()
      else this.paused = this.clock.after(lookMs, look)
    }
    this.paused = this.clock.after(lookMs, look)
  }

  private goOn(): void {
    if (!this.paused) return
    this.paused[Symbol.dispose]()
    this.paused = undefined
    this.flow.resume()
  }
}
