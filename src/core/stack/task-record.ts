import type {ErrorCode} from '../base/error-table.js'
import type {Json} from '../base/json.js'
import type {TaskState} from '../contract/service-state.js'
import type {BlockedBy, ExitReport} from '../contract/status.js'
import type {AttemptRecord} from '../service/record.js'

/** All that the daemon remembers of a task; the value of `task/<stack>/<name>` in the store. */
export interface TaskRecord {
  /** `up` from the moment it is asked for until it has an end: a daemon that comes back goes on with it. */
  readonly desired: 'down' | 'up'
  readonly state: TaskState
  readonly since: number
  /** Run even though it is complete. */
  readonly force: boolean
  /** The client's id of the request that it was begun for. */
  readonly request: string | null
  /** Counts workloads. */
  readonly attempt: number
  /** How often it was begun for the request under way, or the last one. */
  readonly tries: number
  /** When it is tried again, while it waits for that. */
  readonly retryAt: number | null
  readonly outputs: Json
  readonly reason: string | null
  readonly blockedBy: BlockedBy | null
  readonly exit: ExitReport | null
  readonly failure: {readonly code: ErrorCode; readonly hint: string | null} | null
  readonly env: string | null
  /** The workload of the try under way, or of the last one. */
  readonly current: AttemptRecord | null
  readonly earlier: readonly AttemptRecord[]
}

export function newTaskRecord(now: number): TaskRecord {
  return {
    desired: 'down',
    state: 'Pending',
    since: now,
    force: false,
    request: null,
    attempt: 0,
    tries: 0,
    retryAt: null,
    outputs: null,
    reason: null,
    blockedBy: null,
    exit: null,
    failure: null,
    env: null,
    current: null,
    earlier: [],
  }
}

/** What an earlier daemon started for a try that is not over; `null` where there is none. While a try is waited for, the one before has ended. */
export function unfoundAttempt({state, retryAt, current}: TaskRecord): AttemptRecord | null {
  return state === 'Running' && retryAt === null ? current : null
}

export const taskKey = (stack: string, name: string): string => `task/${stack}/${name}`
