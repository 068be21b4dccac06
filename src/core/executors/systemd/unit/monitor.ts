import type {Clock} from '../../../base/clock.js'
import type {Listener, Monitor} from '../machine.js'
import type {Manager} from '../manager.js'

const everyMs = 1000

/**
 * How units are that harness did not make: one question a second for all of them together, and none while there are none. systemd would tell of
 * changes over D-Bus, but not every user has a bus, and a question cannot be missed.
 */
export class UnitMonitor implements Monitor {
  private readonly listeners = new Map<string, Set<Listener>>()
  private timer: Disposable | undefined
  private isAsking = false

  constructor(
    private readonly manager: Manager,
    private readonly clock: Clock,
  ) {}

  add(unit: string, listener: Listener): Disposable {
    const entry: Listener = (state) => {
      listener(state)
    }
    const known = this.listeners.get(unit) ?? new Set()
    this.listeners.set(unit, known.add(entry))
    this.schedule()
    return {
      [Symbol.dispose]: () => {
        known.delete(entry)
        if (known.size === 0 && this.listeners.get(unit) === known) this.listeners.delete(unit)
        if (this.listeners.size > 0) return
        this.timer?.[Symbol.dispose]()
        this.timer = undefined
      },
    }
  }

  private schedule(): void {
    if (this.timer || this.isAsking || this.listeners.size === 0) return
    this.timer = this.clock.after(everyMs, () => void this.ask())
  }

  /** Answers those who were there when it was asked: for who comes later the answer is too old. */
  private async ask(): Promise<void> {
    this.timer = undefined
    this.isAsking = true
    const asked = [...this.listeners].map(([unit, listeners]) => ({unit, listeners, present: [...listeners]}))
    const states = await this.manager.show(asked.map(({unit}) => unit)).catch(() => undefined)
    this.isAsking = false
    for (const [index, {listeners, present}] of asked.entries()) {
      for (const tell of present) if (listeners.has(tell)) tell(states?.[index])
    }
    this.schedule()
  }
}
