import type {Json} from '../base/json.js'
import type {ServiceState, TaskState} from './service-state.js'
import type {Endpoint, WorkloadStats} from './workload.js'

/** How a workload ended, for the wire and for people. */
export interface ExitReport {
  /** 0–255; 128 + n for signal n, as shells count. `null` when it is not known. */
  readonly code: number | null
  readonly signal: string | null
  /** ISO 8601. */
  readonly at: string
}

export interface EndpointStatus extends Endpoint {
  /** `http://host:port`, `tcp://host:port`. */
  readonly url: string
}

export interface ServiceStatus {
  readonly name: string
  readonly state: ServiceState
  /** The last probe: its verdict and its words. `null` without a health check. */
  readonly health: {readonly ok: boolean; readonly message: string; readonly at: string} | null
  readonly desired: 'down' | 'up'
  /** Counts starts, from 1; 0 when it never started. */
  readonly attempt: number
  /** Starts by the restart policy since the last start by hand. */
  readonly restarts: number
  readonly pid: number | null
  readonly container: string | null
  readonly host: string | null
  readonly endpoints: readonly EndpointStatus[]
  /** When it entered `state`. */
  readonly since: string
  /** How long the workload has run. `null` when it does not. */
  readonly uptimeMs: number | null
  /** The end of the newest attempt. `null` while it runs. */
  readonly exit: ExitReport | null
  /** Why it is in this state, when there is more to say than its name. */
  readonly reason: string | null
  readonly blockedBy: BlockedBy | null
  /** What it waits for before it can start. Empty once it has. */
  readonly waitsFor: readonly string[]
  /** Not ready within its start timeout, and left running for inspection. */
  readonly overdue: boolean
  /** When the restart policy starts it again, while it backs off. */
  readonly backoffUntil: string | null
  readonly reachability: 'known' | 'unknown'
  /** What its log check found in this attempt: the named groups. */
  readonly outputs: Readonly<Record<string, string>>
  /** It runs and is in the stack file no more. */
  readonly orphan: boolean
}

/** What one check of a service answered when it was asked. */
export interface ProbeReport {
  readonly kind: 'health_check' | 'liveness'
  /** The check in words, e.g. `http GET http://127.0.0.1:8080/health`. */
  readonly check: string
  readonly ok: boolean
  readonly message: string
  readonly durationMs: number
}

/** The checks of a service, asked just now. */
export interface ServiceHealth {
  readonly name: string
  readonly state: ServiceState
  /** `unchecked`: it runs and has no check. `down`: there is nothing to be asked. */
  readonly verdict: 'down' | 'healthy' | 'unchecked' | 'unhealthy'
  /** Why it is in its state, when there is more to say than its name. */
  readonly reason: string | null
  readonly probes: readonly ProbeReport[]
}

/** What a service uses now. */
export interface ServiceUsage extends WorkloadStats {
  readonly service: string
}

/** One move of a service, with its cause. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string
  readonly from: ServiceState
  readonly to: ServiceState
  /** The event of the lifecycle table. */
  readonly event: string
  readonly reason: string | null
  readonly attempt: number
  readonly exit: ExitReport | null
}

export interface BlockedBy {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly reason: string
}

export interface TaskStatus {
  readonly name: string
  readonly state: TaskState
  readonly outputs: Json
  readonly reason: string | null
  readonly since: string
  readonly exit: ExitReport | null
  readonly waitsFor: readonly string[]
  /** When its schedule runs it next. `null` without a schedule, and while its stack is not up. */
  readonly nextRunAt: string | null
}

export interface StackStatus {
  /** The stack's id, unique in the daemon. */
  readonly stack: string
  readonly name: string
  readonly file: string
  readonly services: readonly ServiceStatus[]
  readonly tasks: readonly TaskStatus[]
}

/** One that failed, with all that a person needs to act. */
export interface FailureReport {
  readonly kind: 'service' | 'task'
  readonly name: string
  /** A code of the error table. */
  readonly code: string
  readonly reason: string
  readonly hint: string
  readonly exit: ExitReport | null
  /** Up to 20 lines that it printed last. */
  readonly lastLines: readonly string[]
}

export interface BlockedReport {
  readonly kind: 'service' | 'task'
  readonly name: string
  /** The one that it needs. */
  readonly by: string
  readonly reason: string
}

export interface StartOutcome {
  readonly stack: string
  readonly started: readonly string[]
  readonly failed: readonly FailureReport[]
  readonly blocked: readonly BlockedReport[]
  /** Dependencies of what was asked for that are still on their way. */
  readonly pending: readonly string[]
  readonly unchanged: readonly string[]
  /** Tasks that were run, or skipped as complete. */
  readonly tasks: readonly TaskStatus[]
  /** Services that run and are in the stack file no more. */
  readonly orphans: readonly string[]
  /** Services that this start began and stopped again, because another failed and `rollback` was asked for. */
  readonly rolledBack: readonly string[]
}

export interface StopOutcome {
  readonly stack: string
  readonly stopped: readonly string[]
  readonly failed: readonly FailureReport[]
  readonly unchanged: readonly string[]
}

/** A move of one service or task, as clients see it during a start or stop. */
export interface ProgressStep {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly state: ServiceState | TaskState
  readonly waitsFor: readonly string[]
  /** The last probe's words, a back-off, a reason. */
  readonly message: string | null
  /** It will not come up by itself: what it needs cannot be had, or its start timeout is over. */
  readonly trouble: 'blocked' | 'overdue' | null
  /** ISO 8601. */
  readonly at: string
}

/** How a command beside a service ended, or a service that a client was attached to. */
export interface SessionEnd {
  /** 0 to 255; 128 + n for signal n; 126 and 127 for what could not be run; null when nobody knows. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** Why it could not be run, in words. */
  readonly reason: string | null
}
