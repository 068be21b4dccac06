import {abortReason, type Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import type {Blame} from './blame.js'

interface Wait<T> {
  /** @default it may take for ever */
  readonly ms?: number
  /** Whoever waits gives up, whether the call listens to that or not. */
  readonly signal?: AbortSignal | undefined
  /** For an answer that comes when nobody waits any more. */
  readonly onLate?: (answer: T) => void
}

/** Waits for a call of a plugin until it settles, its time is over or nobody wants its answer. */
export type Patience = <T>(call: string, wait: Wait<T>, work: (limit: AbortSignal) => Promise<T> | T) => Promise<T>

export function patience(by: Blame, clock: Clock): Patience {
  return async <T>(call: string, {ms, signal, onLate}: Wait<T>, work: (limit: AbortSignal) => Promise<T> | T) => {
    const onTimeout = (): Error => by.error(`${call} did not settle within ${formatDuration(ms ?? 0)}`)
    const answered = async (limit: AbortSignal): Promise<T> => {
      const answer = await by
        .async(call, () => work(limit))
        .catch((error: unknown) => {
          throw limit.aborted ? abortReason(limit) : error
        })
      if (limit.aborted) onLate?.(answer)
      return answer
    }
    const limits = {clock: ms === undefined ? timeless(clock) : clock, ms: ms ?? 0, onTimeout}
    return await withDeadline(answered, {...limits, ...(signal && {signal})})
  }
}

/** Its time never comes, and holds nothing up. */
function timeless(clock: Clock): Clock {
  return {...clock, after: () => ({[Symbol.dispose]: () => undefined})}
}
