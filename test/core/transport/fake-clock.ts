import type {Clock} from '../../../src/core/base/clock.js'
import {abortReason} from '../../../src/core/base/clock.js'

/** Time that moves only when a test says so. */
export interface FakeClock extends Clock {
  advance(ms: number): void
  /** Timers that have not fired. */
  readonly timers: number
}

export function createFakeClock(): FakeClock {
  let time = 0
  const timers = new Set<{readonly at: number; readonly callback: () => void}>()
  const after = (ms: number, callback: () => void): Disposable => {
    const timer = {at: time + ms, callback}
    timers.add(timer)
    return {
      [Symbol.dispose]() {
        timers.delete(timer)
      },
    }
  }
  return {
    now: () => 1_800_000_000_000 + time,
    monotonic: () => time,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        after(ms, resolve)
        signal?.addEventListener('abort', () => {
          reject(abortReason(signal))
        })
      }),
    advance(ms) {
      const end = time + ms
      for (;;) {
        const [next] = [...timers].filter(({at}) => at <= end).sort((a, b) => a.at - b.at)
        if (!next) break
        time = next.at
        timers.delete(next)
        next.callback()
      }
      time = end
    },
    get timers() {
      return timers.size
    },
  }
}
