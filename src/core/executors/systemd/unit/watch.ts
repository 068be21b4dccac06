import type {Clock} from '../../../base/clock.js'
import type {ExitStatus} from '../../../contract/command.js'
import type {Observable} from '../../../contract/workload.js'
import type {Ended} from '../../../process/service-process.js'
import type {Machine} from '../machine.js'
import type {Manager} from '../manager.js'
import {Observed} from '../../../base/observed.js'
import {isUp, type UnitState} from '../parse-units.js'
import {endOfUnit} from './end.js'
import type {Mark} from './mark.js'

interface WatchOptions {
  readonly unit: string
  readonly mark: Mark
  readonly found: UnitState
  readonly manager: Manager
  readonly machine: Machine
  readonly clock: Clock
}

export interface UnitWatch extends Disposable {
  /** What was heard last. */
  readonly current: UnitState
  readonly ended: Promise<Ended>
  readonly reachability: Observable<'known' | 'unknown'>
  isOver(): boolean
  /** Asks now. */
  look(): Promise<void>
  letGo(status: ExitStatus): void
}

/** Follows a unit until it is not up any more. */
export function watchUnit({unit, mark, found, machine, manager, clock}: WatchOptions): UnitWatch {
  const reachability = new Observed<'known' | 'unknown'>('known')
  let current = found
  let over = false
  let settle: (end: Ended) => void = () => undefined
  const ended = new Promise<Ended>((resolve) => {
    settle = resolve
  })
  const finish = (status: ExitStatus): void => {
    if (over) return
    over = true
    watching[Symbol.dispose]()
    settle({status, at: clock.now()})
  }
  let asking: Promise<void> | undefined
  const askHow = async (state: UnitState): Promise<void> => {
    // The manager may go away between two questions.
    const status = await endOfUnit(state, mark, {machine, manager}).catch(() => undefined)
    asking = undefined
    if (status) finish(status)
  }
  const told = async (state: UnitState | undefined): Promise<void> => {
    reachability.set(state ? 'known' : 'unknown')
    if (!state || over) return
    current = state
    if (isUp(state)) return
    // Looks go on while the answer is on its way, which may take longer than they do.
    asking ??= askHow(state)
    await asking
  }
  const watching = machine.monitors[manager.scope].add(unit, (state) => void told(state))
  void told(found)
  return {
    get current() {
      return current
    },
    ended,
    reachability,
    isOver: () => over,
    look: async () => {
      await told(await manager.showOne(unit))
    },
    letGo: finish,
    [Symbol.dispose]() {
      watching[Symbol.dispose]()
    },
  }
}
