import type {Clock} from '../base/clock.js'

/** Calls back once nothing has been going on for `ms`. Tell it with `changed` that something may have begun or ended. */
export class IdleWatch implements Disposable {
  private timer: Disposable | undefined

  constructor(
    private readonly options: {
      readonly clock: Clock
      readonly ms: number
      readonly isIdle: () => boolean
      readonly onIdle: () => void
    },
  ) {
    this.changed()
  }

  changed(): void {
    const {clock, ms, isIdle, onIdle} = this.options
    if (!isIdle()) this[Symbol.dispose]()
    else {
      this.timer ??= clock.after(ms, () => {
        this.timer = undefined
        if (isIdle()) onIdle()
      })
    }
  }

  [Symbol.dispose](): void {
    this.timer?.[Symbol.dispose]()
    this.timer = undefined
  }
}
