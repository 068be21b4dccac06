import type {Clock} from '../base/clock.js'

/** Watches a connection that may be half open. */
export interface Heartbeat extends Disposable {
  /** To be called whenever anything arrives. */
  beat(): void
}

const missesAllowed = 2

/** How long the other end may say nothing at all. */
export const silentAfter = (pingMs: number): number => (missesAllowed + 1) * pingMs

/** Pings at intervals; calls `onDead` when two pings in a row brought nothing back, at most three intervals after the last sign of life. */
export function startHeartbeat(options: {
  readonly clock: Clock
  readonly pingMs: number
  readonly ping: () => void
  readonly onDead: () => void
}): Heartbeat {
  let unanswered = 0
  const tick = (): void => {
    if (unanswered >= missesAllowed) {
      options.onDead()
      return
    }
    unanswered += 1
    timer = options.clock.after(options.pingMs, tick)
    options.ping()
  }
  let timer = options.clock.after(options.pingMs, tick)
  return {
    beat() {
      unanswered = 0
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
    },
  }
}
