import {limits} from '../protocol/messages.js'

/** How much may still be sent in a channel before the other end has taken some of it. */
export class SendWindow {
  private left: number = limits.windowBytes
  private over = false
  private readonly waiting: (() => void)[] = []

  /** Resolves with how many bytes, at most `most`, may be sent now: at least one, or 0 once it is closed. */
  async take(most: number): Promise<number> {
    while (this.left === 0 && !this.over) await new Promise<void>((resolve) => this.waiting.push(resolve))
    if (this.over) return 0
    const taken = Math.min(most, this.left)
    this.left -= taken
    return taken
  }

  /** The other end has taken so many. Never makes the window larger than it was at first. */
  give(bytes: number): void {
    this.left = Math.min(this.left + bytes, limits.windowBytes)
    this.wake()
  }

  /** Nothing more will be sent. */
  close(): void {
    this.over = true
    this.wake()
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve()
  }
}
