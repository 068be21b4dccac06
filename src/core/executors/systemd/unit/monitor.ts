import type {Clock} from '../../../base/clock.js'
import type {Manager} from '../manager.js'
import type {UnitState} from '../parse-units.js'

/** `undefined`: the manager does not answer. */
type Listener = (state: UnitState | undefined) => void

const everyMs = 1000

/**
 * How units are that harness did not make: one question a second for all of them together, and none while there are none. systemd would tell of
 * changes over D-Bus, but not every user has a bus, and a question cannot be missed.
 */
export class UnitMonitor {
  private readonly listeners = new Map<string, Set<Listener>>()
  private timer: Disposable | undefined
  private asking: Promise<void> | undefined

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
    this.timer ??= this.clock.after(everyMs, () => void this.tick())
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

  /** Asks now. What is told is not older than this call. */
  async look(): Promise<void> {
    await this.asking
    await (this.asking ??= this.ask().finally(() => {
      this.asking = undefined
    }))
  }

  private async tick(): Promise<void> {
    await this.look()
    this.timer = this.listeners.size === 0 ? undefined : this.clock.after(everyMs, () => void this.tick())
  }

  private async ask(): Promise<void> {
    const units = [...this.listeners.keys()]
    if (units.length === 0) return
    const states = await this.manager.show(units).catch(() => undefined)
    for (const [index, unit] of units.entries()) {
      for (const tell of [...(this.listeners.get(unit) ?? [])]) tell(states?.[index])
    }
  }
}
