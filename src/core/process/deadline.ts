import type {Clock} from '../base/clock.js'

/** A moment that can only be moved nearer. */
export interface MovableDeadline extends Disposable {
  shorten(ms: number): void
  passed(): boolean
  /** Resolves at the deadline, wherever it has been moved to. */
  readonly reached: Promise<void>
}

/** Begins without a limit. */
export function movableDeadline(clock: Clock): MovableDeadline {
  let at = Number.POSITIVE_INFINITY
  let timer: Disposable | undefined
  let arrive = (): void => undefined
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  return {
    reached,
    passed: () => clock.monotonic() >= at,
    shorten(ms) {
      const wanted = clock.monotonic() + ms
      if (wanted >= at) return
      at = wanted
      timer?.[Symbol.dispose]()
      timer = clock.after(ms, arrive)
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]()
    },
  }
}
