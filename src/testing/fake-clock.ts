import type {Clock} from '../core/base/clock.js'
import {abortReason} from '../core/base/clock.js'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

/** Time that stands still until a test moves it, so that an hour of back-off takes no time at all. */
export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>()
  private elapsed = 0

  /** `epoch`: what `now` begins with, in milliseconds since the epoch. @default the first of January 2026 */
  constructor(private epoch = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.epoch + this.elapsed
  }

  monotonic(): number {
    return this.elapsed
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortReason(signal))
        return
      }
      const stop = (): void => {
        timer[Symbol.dispose]()
        reject(abortReason(signal))
      }
      const timer = this.after(ms, () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      })
      signal?.addEventListener('abort', stop, {once: true})
    })
  }

  after(ms: number, callback: () => void): Disposable {
    const timer: Timer = {at: this.elapsed + Math.max(ms, 0), fire: callback}
    this.timers.add(timer)
    return {[Symbol.dispose]: () => void this.timers.delete(timer)}
  }

  /** Timers that have neither fired nor been disposed of: 0 at the end of a test that leaks nothing. */
  get pending(): number {
    return this.timers.size
  }

  /** Moves time on. Timers fire in order, each at its own time, and what they wake runs before the next one fires. */
  async advance(ms: number): Promise<void> {
    const target = this.elapsed + ms
    await settle()
    for (let next = this.due(target); next !== undefined; next = this.due(target)) {
      this.elapsed = Math.max(this.elapsed, next.at)
      this.timers.delete(next)
      next.fire()
      await settle()
    }
    this.elapsed = target
  }

  /** Sets the wall clock on or back, as a person or NTP does. Timers and `monotonic` take no notice. */
  jump(ms: number): void {
    this.epoch += ms
  }

  private due(target: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.timers) if (timer.at <= target && (!first || timer.at < first.at)) first = timer
    return first
  }
}

/** Lets every promise that is ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
