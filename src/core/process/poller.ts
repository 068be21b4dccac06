import type {Clock} from '../base/clock.js'

/** Calls back all who asked, from one timer. A check that fails (the daemon has no descriptor left) is called again like any other. */
export interface Poller {
  add(check: () => void): Disposable
}

export function createPoller(clock: Clock, everyMs: number): Poller {
  const checks = new Set<() => void>()
  let timer: Disposable | undefined
  const tick = (): void => {
    timer = checks.size === 0 ? undefined : clock.after(everyMs, tick)
    for (const check of [...checks]) attempt(check)
  }
  return {
    add(check) {
      checks.add(check)
      timer ??= clock.after(everyMs, tick)
      return {
        [Symbol.dispose]() {
          checks.delete(check)
          if (checks.size > 0) return
          timer?.[Symbol.dispose]()
          timer = undefined
        },
      }
    },
  }
}

function attempt(check: () => void): void {
  try {
    check()
  } catch {
    return
  }
}
