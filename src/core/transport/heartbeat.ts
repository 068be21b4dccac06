import type {Clock} from '../base/clock.js'
import {limits} from '../protocol/messages.js'

/** Watches a connection that may be half open. */
export interface Heartbeat extends Disposable {
  /** To be called whenever anything arrives. */
  beat(): void
}

const missesAllowed = 2

/** Pings every 15 s; calls `onDead` when two pings in a row brought nothing back, at most 45 s after the last sign of life. */
export function startHeartbeat(options: {
  readonly clock: Clock
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
    timer = options.clock.after(limits.pingMs, tick)
    options.ping()
  }
  let timer = options.clock.after(limits.pingMs, tick)
  return {
    beat() {
      unanswered = 0
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]()
    },
  }
}
