import type {Clock} from '../../../base/clock.js'
import type {Listener, Monitor} from '../machine.js'
import type {Manager} from '../manager.js'
import type {UnitState} from '../parse-units.js'

interface Entry {
  readonly unit: string
  readonly tell: Listener
}

/** What begins at once is asked for together. */
const gatherMs = 100
/** Of looks, one of which comes each second. A connection that is silent for twice as long is given up. */
const silentMs = 10_000
const firstPauseMs = 1000
const longestPauseMs = 10_000

/**
 * How units of another machine are: one connection for all of them together, in which that machine looks once a second. Who comes is told of looks of a
 * connection that was made after that: an older one may have told of the unit before its start.
 */
export class FarMonitor implements Monitor {
  private readonly entries = new Set<Entry>()
  private gathering: Disposable | undefined
  private session: AbortController | undefined

  constructor(
    private readonly manager: Manager,
    private readonly clock: Clock,
  ) {}

  add(unit: string, tell: Listener): Disposable {
    const entry = {unit, tell}
    this.entries.add(entry)
    this.gathering ??= this.clock.after(gatherMs, () => {
      this.gathering = undefined
      this.begin()
    })
    return {
      [Symbol.dispose]: () => {
        this.entries.delete(entry)
        if (this.entries.size > 0) return
        this.gathering?.[Symbol.dispose]()
        this.gathering = undefined
        this.session?.abort()
      },
    }
  }

  private begin(): void {
    this.session?.abort()
    const session = new AbortController()
    this.session = session
    void this.keep(session.signal)
  }

  private async keep(ended: AbortSignal): Promise<void> {
    let pauseMs = firstPauseMs
    for (;;) {
      const present = [...this.entries]
      const heard = await this.connect(present, ended)
      if (ended.aborted) return
      this.tell(present, undefined)
      if (heard) pauseMs = firstPauseMs
      await this.clock.sleep(pauseMs, ended).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  /** Answers whether anything was heard before the connection ended. Never rejects. */
  private async connect(present: readonly Entry[], ended: AbortSignal): Promise<boolean> {
    const units = [...new Set(present.map(({unit}) => unit))]
    const link = new AbortController()
    using silence = this.watchSilence(link, present)
    let heard = false
    try {
      const over = AbortSignal.any([ended, link.signal])
      for await (const states of this.manager.looks(units, over)) {
        silence.heard()
        heard ||= states !== undefined
        this.tell(present, states && new Map(units.map((unit, index) => [unit, states[index]])))
      }
    } catch {
      // Whether it could not be made or was cut, it is made again.
    }
    return heard
  }

  private watchSilence(link: AbortController, present: readonly Entry[]): Disposable & {heard(): void} {
    let timer: Disposable | undefined
    const wait = (last: boolean): void => {
      timer?.[Symbol.dispose]()
      timer = this.clock.after(silentMs, () => {
        this.tell(present, undefined)
        if (last) link.abort()
        else wait(true)
      })
    }
    wait(false)
    return {
      heard: () => {
        wait(false)
      },
      [Symbol.dispose]: () => timer?.[Symbol.dispose](),
    }
  }

  private tell(present: readonly Entry[], states: ReadonlyMap<string, UnitState | undefined> | undefined): void {
    for (const entry of present) if (this.entries.has(entry)) entry.tell(states?.get(entry.unit))
  }
}
