import type {ErrorCode} from '../base/error-table.js'
import type {Json} from '../base/json.js'
import type {ServiceState} from '../contract/service-state.js'
import type {BlockedBy, ExitReport} from '../contract/status.js'
import type {Endpoint, Fallback, SavedHandle} from '../contract/workload.js'

/** One start of a service or task, as it is journalled before the start and kept for its logs. */
export interface AttemptRecord {
  readonly attempt: number
  readonly instance: string
  readonly saved: SavedHandle
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly endpoints: readonly Endpoint[]
  /** Fingerprint of what it was started with. */
  readonly hash: string
}

/** All that the daemon remembers of a service; the value of `service/<stack>/<name>` in the store. */
export interface ServiceRecord {
  /** What harness works towards. `down` also once it gave up or the service ended by itself. */
  readonly desired: 'down' | 'up'
  readonly state: ServiceState
  readonly since: number
  /** When the current attempt became ready, by the steady clock; `null` until then. */
  readonly readyAt: number | null
  /** Counts starts; 0 when it never started. */
  readonly attempt: number
  /** When the restart policy restarted it since the last start by hand, by the steady clock, newest last (for the crash-loop window). */
  readonly restarts: readonly number[]
  readonly restartCount: number
  readonly backoffUntil: number | null
  readonly overdue: boolean
  readonly reason: string | null
  readonly blockedBy: BlockedBy | null
  readonly exit: ExitReport | null
  /** Why it is Failed, as an error of the table. */
  readonly failure: {readonly code: ErrorCode; readonly hint: string | null} | null
  /** What runs is not what was asked for. Missing in records of before there was this. */
  readonly fallback?: Fallback | null
  /** What the log check of the current attempt found. */
  readonly outputs: Readonly<Record<string, string>>
  /** Allocated ports by name, kept over restarts. */
  readonly ports: Readonly<Record<string, number>>
  /** The caller's environment it was asked for with; a key of the store. */
  readonly env: string | null
  readonly current: AttemptRecord | null
  /** Attempts before the current one whose logs are kept, oldest first. */
  readonly earlier: readonly AttemptRecord[]
}

/** How many attempts keep their logs, the current one included. */
const keptAttempts = 5

export function newServiceRecord(now: number): ServiceRecord {
  return {
    desired: 'down',
    state: 'NotStarted',
    since: now,
    readyAt: null,
    attempt: 0,
    restarts: [],
    restartCount: 0,
    backoffUntil: null,
    overdue: false,
    reason: null,
    blockedBy: null,
    exit: null,
    failure: null,
    fallback: null,
    outputs: {},
    ports: {},
    env: null,
    current: null,
    earlier: [],
  }
}

/** What a new attempt knows nothing of. */
export const freshStart = {
  desired: 'up',
  readyAt: null,
  outputs: {},
  exit: null,
  failure: null,
  fallback: null,
  overdue: false,
  backoffUntil: null,
  blockedBy: null,
  reason: null,
} as const

/** States in which a workload of ours may be there. */
export function isLive(state: ServiceState): boolean {
  return liveStates.has(state)
}

const liveStates: ReadonlySet<ServiceState> = new Set<ServiceState>([
  'Starting',
  'SetupRequired',
  'SettingUp',
  'SetupComplete',
  'Running',
  'Unhealthy',
])

/** Something of it runs, or will by itself. */
export function isUp({state}: Pick<ServiceRecord, 'state'>): boolean {
  return isLive(state) || state === 'Restarting'
}

/** Its last stop failed: what it ended with may still be there. */
export function mayRemain({state, failure}: Pick<ServiceRecord, 'failure' | 'state'>): boolean {
  return state === 'Failed' && failure?.code === 'SERVICE_STOP_FAILED'
}

/** Nothing of it is there, nor will be by itself. */
export function isAtRest(record: Pick<ServiceRecord, 'desired' | 'failure' | 'state'>): boolean {
  return record.desired === 'down' && !isUp(record) && record.state !== 'Stopping' && !mayRemain(record)
}

export const serviceKey = (stack: string, name: string): string => `service/${stack}/${name}`

/** Records hold JSON only, which an interface cannot promise to the type checker. */
export function toJson(record: object): Json {
  return record as Json
}

/** When a new attempt begins: those before it whose logs stay, and those that are too many. */
export function splitAttempts({earlier, current}: Pick<ServiceRecord, 'current' | 'earlier'>): {
  readonly kept: readonly AttemptRecord[]
  readonly surplus: readonly AttemptRecord[]
} {
  const all = current ? [...earlier, current] : earlier
  return {kept: all.slice(-(keptAttempts - 1)), surplus: all.slice(0, -(keptAttempts - 1))}
}
