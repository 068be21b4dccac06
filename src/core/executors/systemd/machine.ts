import type {Manager} from './manager.js'
import type {UnitState} from './parse-units.js'
import type {Scope} from './scope.js'

/** The machine that has the managers: this one, or one that layers lead to. */
export interface Machine {
  readonly managers: Readonly<Record<Scope, Manager>>
  readonly monitors: Readonly<Record<Scope, Monitor>>
  /** What leads there, in words: `ssh worker`. Missing: it is this one. */
  readonly place?: string
  /** How it is at this moment. Rejects with EXECUTOR_UNAVAILABLE while it does not answer. */
  facts(signal?: AbortSignal): Promise<Facts>
}

/** What is asked of a machine beside its units. */
export interface Facts {
  /** Differs after each of its starts. */
  readonly boot: string
  /** Of who runs commands there. */
  readonly uid: number
  /** Its clock: milliseconds since the epoch. */
  readonly now: number
  /** The clock of this machine at that moment. */
  readonly here: number
  /** Its monotonic clock, by which systemd counts too, in microseconds. */
  readonly monotonic: number
}

/** Tells again and again how units are. */
export interface Monitor {
  add(unit: string, listener: Listener): Disposable
}

/** `undefined`: the manager does not answer. */
export type Listener = (state: UnitState | undefined) => void

/** When that was, in milliseconds since the epoch, by the clock that showed `now` then. */
export function timeOfMonotonic(microseconds: number, {monotonic}: Facts, now: number): number {
  return Math.round(now - (monotonic - microseconds) / 1000)
}
