/** A seat: given back once. */
export interface Seat extends Disposable {
  readonly isInteractive: boolean
}

interface Waiting {
  readonly isInteractive: boolean
  readonly take: () => void
}

/** `MaxSessions` of an sshd, unless it says otherwise. */
const usualMost = 10
/** So many are left to those who sit at a terminal. */
const keptFree = 2

/** How many commands run at a time over one connection: more than the host allows wait for their turn, in order. */
export class Sessions {
  private most = usualMost
  private taken = 0
  private readonly queue: Waiting[] = []

  get inUse(): number {
    return this.taken
  }

  /** Rejects with the reason of the signal. */
  async take(isInteractive: boolean, signal: AbortSignal): Promise<Seat> {
    signal.throwIfAborted()
    if (!this.isFree(isInteractive) || this.queue.some((waiting) => waiting.isInteractive === isInteractive))
      await this.turn(isInteractive, signal)
    else this.taken++
    let isGivenBack = false
    return {
      isInteractive,
      [Symbol.dispose]: () => {
        if (isGivenBack) return
        isGivenBack = true
        this.taken--
        // A host that refused one may have room again.
        this.most = Math.min(usualMost, this.most + 1)
        this.next()
      },
    }
  }

  /** The host has no room for the one who has just taken a seat, and gives it back now. `false`: nobody else has one, so it is no question of room. */
  refused(seat: Seat): boolean {
    const others = this.taken - 1
    seat[Symbol.dispose]()
    if (others <= 0) return false
    this.most = Math.min(this.most, Math.max(1, others))
    return true
  }

  private isFree(isInteractive: boolean): boolean {
    const most = isInteractive ? this.most : Math.max(1, this.most - keptFree)
    return this.taken < most
  }

  private async turn(isInteractive: boolean, signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        const at = this.queue.indexOf(waiting)
        if (at >= 0) this.queue.splice(at, 1)
        reject(signal.reason as Error)
      }
      const waiting: Waiting = {
        isInteractive,
        take: () => {
          signal.removeEventListener('abort', stop)
          this.taken++
          resolve()
        },
      }
      signal.addEventListener('abort', stop, {once: true})
      this.queue.push(waiting)
    })
  }

  private next(): void {
    for (const waiting of [...this.queue]) {
      if (!this.isFree(waiting.isInteractive)) continue
      this.queue.splice(this.queue.indexOf(waiting), 1)
      waiting.take()
    }
  }
}
