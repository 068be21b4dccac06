import type {Json} from '../base/json.js'
import type {ServiceState, TaskState} from './service-state.js'
import type {Endpoint, WorkloadStats} from './workload.js'

/** How a workload ended, for the wire and for people. */
export interface ExitReport {
  /** 0–255; 128 + n for signal n, as shells count. `null` when it is not known. */
  readonly code: number | null
  /** The one that ended it. `null`: it ended by itself, or that is not known. */
  readonly signal: string | null
  /** ISO 8601. */
  readonly at: string
}

export interface EndpointStatus extends Endpoint {
  /** `http://host:port`, `tcp://host:port`. */
  readonly url: string
}

/** How a service is. */
export interface ServiceStatus {
  /** As it stands in the stack file; of a replica with its number. */
  readonly name: string
  /** Where in its life it is. */
  readonly state: ServiceState
  /** The last probe: its verdict and its words. `null` without a health check. */
  readonly health: {
    /** It answered as it should. */
    readonly ok: boolean
    /** What it answered, in words. */
    readonly message: string
    /** ISO 8601. */
    readonly at: string
  } | null
  /** Whether it is to run. */
  readonly desired: 'down' | 'up'
  /** Counts starts, from 1; 0 when it never started. */
  readonly attempt: number
  /** Starts by the restart policy since the last start by hand. */
  readonly restarts: number
  /** Of its program. `null` while it does not run, and where there is none. */
  readonly pid: number | null
  /** Its name or id. `null` where there is none. */
  readonly container: string | null
  /** The machine that it runs on. `null`: this one. */
  readonly host: string | null
  /** Where it can be reached from this machine. */
  readonly endpoints: readonly EndpointStatus[]
  /** When it entered `state`. */
  readonly since: string
  /** How long the workload has run. `null` when it does not. */
  readonly uptimeMs: number | null
  /** The end of the newest attempt. `null` while it runs. */
  readonly exit: ExitReport | null
  /** Why it is in this state, when there is more to say than its name. */
  readonly reason: string | null
  /** What keeps it from starting. `null`: nothing. */
  readonly blockedBy: BlockedBy | null
  /** What it waits for before it can start. Empty once it has. */
  readonly waitsFor: readonly string[]
  /** Not ready within its start timeout, and left running for inspection. */
  readonly overdue: boolean
  /** When the restart policy starts it again, while it backs off. */
  readonly backoffUntil: string | null
  /** `unknown`: its engine or host does not answer, and the rest is what was known last. */
  readonly reachability: 'known' | 'unknown'
  /** What its log check found in this attempt: the named groups. */
  readonly outputs: Readonly<Record<string, string>>
  /** It runs and is in the stack file no more. */
  readonly orphan: boolean
}

/** What one check of a service answered when it was asked. */
export interface ProbeReport {
  /** Which check of the service. */
  readonly kind: 'health_check' | 'liveness'
  /** The check in words, e.g. `http GET http://127.0.0.1:8080/health`. */
  readonly check: string
  /** It answered as it should. */
  readonly ok: boolean
  /** What it answered, in words. */
  readonly message: string
  /** How long it took, in milliseconds. */
  readonly durationMs: number
}

/** The checks of a service, asked just now. */
export interface ServiceHealth {
  /** The service. */
  readonly name: string
  /** Where in its life it is. */
  readonly state: ServiceState
  /** `unchecked`: it runs and has no check. `down`: there is nothing to be asked. */
  readonly verdict: 'down' | 'healthy' | 'unchecked' | 'unhealthy'
  /** Why it is in its state, when there is more to say than its name. */
  readonly reason: string | null
  /** Those that it has. */
  readonly probes: readonly ProbeReport[]
}

/** What a service uses now. */
export interface ServiceUsage extends WorkloadStats {
  /** Its name. */
  readonly service: string
}

/** One move of a service, with its cause. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string
  /** Where it was. */
  readonly from: ServiceState
  /** Where it is since. */
  readonly to: ServiceState
  /** The event of the lifecycle table. */
  readonly event: string
  /** Why, in words, when there is more to say than the event. */
  readonly reason: string | null
  /** Which of its starts, from 1; 0 before the first. */
  readonly attempt: number
  /** How its workload ended, where this move is about that. */
  readonly exit: ExitReport | null
}

/** What something cannot start without. */
export interface BlockedBy {
  /** What it is. */
  readonly kind: 'service' | 'task'
  /** Its name. */
  readonly name: string
  /** Why it is not there, in words. */
  readonly reason: string
}

/** How a task is. */
export interface TaskStatus {
  /** As it stands in the stack file. */
  readonly name: string
  /** Where it stands. */
  readonly state: TaskState
  /** What its newest good run answered. `null` before. */
  readonly outputs: Json
  /** Why it is in this state, when there is more to say than its name. */
  readonly reason: string | null
  /** When it entered `state`, ISO 8601. */
  readonly since: string
  /** The end of what it launched last. `null` while that runs, and where it launched nothing. */
  readonly exit: ExitReport | null
  /** What it waits for before it can run. */
  readonly waitsFor: readonly string[]
  /** When its schedule runs it next. `null` without a schedule, and while its stack is not up. */
  readonly nextRunAt: string | null
}

/** How all of a stack is. */
export interface StackStatus {
  /** The stack's id, unique in the daemon. */
  readonly stack: string
  /** As it stands in its file. */
  readonly name: string
  /** Absolute path. */
  readonly file: string
  /** Each of them. */
  readonly services: readonly ServiceStatus[]
  /** Each of them. */
  readonly tasks: readonly TaskStatus[]
}

/** One that failed, with all that a person needs to act. */
export interface FailureReport {
  /** What it is. */
  readonly kind: 'service' | 'task'
  /** Its name. */
  readonly name: string
  /** A code of the error table. */
  readonly code: string
  /** Why, in words. */
  readonly reason: string
  /** What to do next. */
  readonly hint: string
  /** How its workload ended. `null`: that is not what it failed of. */
  readonly exit: ExitReport | null
  /** Up to 20 lines that it printed last. */
  readonly lastLines: readonly string[]
}

/** One that did not start, because something that it needs is not there. */
export interface BlockedReport {
  /** What it is. */
  readonly kind: 'service' | 'task'
  /** Its name. */
  readonly name: string
  /** The one that it needs. */
  readonly by: string
  /** Why that one is not there, in words. */
  readonly reason: string
}

/** What came of a start. All but the stack by name. */
export interface StartOutcome {
  /** The stack's id. */
  readonly stack: string
  /** Services that were started and are ready. */
  readonly started: readonly string[]
  /** What did not come up, or ended badly. */
  readonly failed: readonly FailureReport[]
  /** What was not started. */
  readonly blocked: readonly BlockedReport[]
  /** Dependencies of what was asked for that are still on their way. */
  readonly pending: readonly string[]
  /** Services that were as they should be. */
  readonly unchanged: readonly string[]
  /** Tasks that were run, or skipped as complete. */
  readonly tasks: readonly TaskStatus[]
  /** Services that run and are in the stack file no more. */
  readonly orphans: readonly string[]
  /** Services that this start began and stopped again, because another failed and `rollback` was asked for. */
  readonly rolledBack: readonly string[]
}

/** What came of a stop. */
export interface StopOutcome {
  /** The stack's id. */
  readonly stack: string
  /** Services that ran and do no more. */
  readonly stopped: readonly string[]
  /** What could not be ended. */
  readonly failed: readonly FailureReport[]
  /** Services that did not run. */
  readonly unchanged: readonly string[]
}

/** A move of one service or task, as clients see it during a start or stop. */
export interface ProgressStep {
  /** What moved. */
  readonly kind: 'service' | 'task'
  /** Its name. */
  readonly name: string
  /** Where it is now. */
  readonly state: ServiceState | TaskState
  /** What it waits for before it can start. */
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
  /** The one that ended it. `null`: it ended by itself, or nobody knows. */
  readonly signal: string | null
  /** Why it could not be run, in words. */
  readonly reason: string | null
}
