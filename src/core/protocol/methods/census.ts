import type {ServiceState, TaskState} from '../../contract/service-state.js'
import {method} from '../method.js'
import {object, ref} from '../schema-parts.js'

/** An attempt that the daemon believes to run, or to be about to. What is not known is `null`, as for all that is no local process. */
export interface CensusAttempt {
  /** The id of the stack. */
  readonly stack: string
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly state: ServiceState | TaskState
  readonly desired: 'down' | 'up'
  readonly attempt: number
  /** The value of HARNESS_INSTANCE in all of its processes. */
  readonly instance: string
  readonly executor: string
  readonly runDirectory: string | null
  readonly pid: number | null
  readonly shimPid: number | null
  /** When the program began, in clock ticks since boot. */
  readonly startTick: number | null
  readonly bootId: string | null
  /** /proc shows exactly this program. */
  readonly alive: boolean
}

/** A live process of an attempt that the daemon does not believe to run. */
export interface CensusStray {
  readonly pid: number
  readonly startTick: number
  readonly instance: string
  /** The program's name, at most 15 characters. */
  readonly program: string
  /** Whose run directory it has; `null` when that is gone. */
  readonly of: {readonly stack: string; readonly name: string} | null
}

export interface CensusMismatch {
  /** `missing`: believed to run, and not there. `duplicate`: there beside the one believed in. `stray`: there, and nothing is believed in. */
  readonly kind: 'duplicate' | 'missing' | 'stray'
  readonly pid: number
  /** A sentence. */
  readonly message: string
}

export interface DaemonCensus {
  readonly bootId: string
  readonly attempts: readonly CensusAttempt[]
  readonly strays: readonly CensusStray[]
  /** Seen twice, half a second apart: what just begins or ends is none. */
  readonly mismatches: readonly CensusMismatch[]
}

export const censusMethods = {
  'daemon.census': method<Record<string, never>, DaemonCensus>({
    summary: 'What the daemon believes to run, beside what /proc shows.',
    since: 1,
    params: object({}),
    result: ref('DaemonCensus'),
  }),
} as const
