/** Time as a parameter: the system's in production, a fake one in tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump. For what people read. */
  now(): number
  /** Milliseconds that never go back. For measuring. */
  monotonic(): number
  /** Resolves after `ms`; rejects with the signal's reason when that comes first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms`, unless disposed of before. */
  after(ms: number, callback: () => void): Disposable
}

/** Timers longer than this (24.8 days) overflow in Node and would fire at once. */
export const longestTimerMs = 2_147_483_647

/** The machine's own time. Its timers keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(abortReason(signal))
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(Math.max(ms, 0), longestTimerMs),
      )
      if (signal?.aborted) stop()
      else signal?.addEventListener('abort', stop, {once: true})
    })
  },
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), longestTimerMs))
    return {
      [Symbol.dispose]() {
        clearTimeout(timer)
      },
    }
  },
}

const anchors = new WeakMap<Clock, number>()

/**
 * The wall clock as it was at the first call, moved on by the monotonic one, in whole milliseconds: a time to compare others with, which takes no
 * notice when somebody sets the clock.
 */
export function steadyNow(clock: Clock): number {
  const anchor = anchors.get(clock) ?? clock.now() - clock.monotonic()
  anchors.set(clock, anchor)
  return Math.round(anchor + clock.monotonic())
}

/** The reason a signal was aborted for, always as an Error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('The operation was cancelled.')
}

/** ISO 8601, the form of every time on the wire and on disk. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

const withZone = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i

/** RFC 3339: means the same moment everywhere, and the same to everybody who reads it. */
export function isTimeWithZone(text: string): boolean {
  const [, date] = withZone.exec(text) ?? []
  return date !== undefined && isDay(date)
}

/** A day that there is, as 2026-01-31: `Date` takes February 30 for March 2. */
export function isDay(date: string): boolean {
  const day = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(day) && isoTime(day).startsWith(date)
}
