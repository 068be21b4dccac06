import type {Clock} from '../base/clock.js'

/** Watches a connection that may be half open. */
export interface Heartbeat extends Disposable {
  /** To be called whenever anything arrives. */
  beat(): void
}

/** Pings in a row that may stay without an answer. */
const missesAllowed = 2

/** The last of them has less time than an interval, so that three intervals are kept also where timers are late. */
const lastAnswerMs = (pingMs: number): number => (2 * pingMs) / 3

/** How long the other end may say nothing at all. */
export const silentAfter = (pingMs: number): number => missesAllowed * pingMs + lastAnswerMs(pingMs)

/** Pings at intervals; calls `onDead` when two pings in a row brought nothing back, at most `silentAfter` after the last sign of life. */
export function startHeartbeat(options: {
  readonly clock: Clock
  readonly pingMs: number
  readonly ping: () => void
  readonly onDead: () => void
}): Heartbeat {
  const {clock, pingMs} = options
  let unanswered = 0
  const tick = (): void => {
    if (unanswered >= missesAllowed) {
      options.onDead()
      return
    }
    unanswered += 1
    timer = clock.after(unanswered === missesAllowed ? lastAnswerMs(pingMs) : pingMs, tick)
    options.ping()
  }
  let timer = clock.after(pingMs, tick)
  return {
    beat() {
      unanswered = 0
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
    },
  }
}
