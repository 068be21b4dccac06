import {abortReason, type Clock} from '../../../base/clock.js'
import {isHarnessError} from '../../../base/errors.js'
import type {Machine} from '../machine.js'

export interface Patience {
  readonly machine: Machine
  readonly clock: Clock
  readonly signal: AbortSignal
}

const pauseMs = 1000
/** So many answers are waited for: a link that is cut comes back soon, or not soon. */
const tries = 10

/** Asks again where what leads to another machine is cut, because what was begun there is to be known. A manager of this machine is asked once. */
export async function patiently<T>(ask: () => Promise<T>, {machine, clock, signal}: Patience): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error, machine) || left === 0) throw error
      if (signal.aborted) throw abortReason(signal)
      await clock.sleep(pauseMs, signal)
    }
  }
}

/** The machine does not answer, and it is another one. */
export function isAway(error: unknown, {place}: Machine): boolean {
  return place !== undefined && isHarnessError(error) && error.code === 'EXECUTOR_UNAVAILABLE'
}
