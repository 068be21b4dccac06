import type {ServiceState} from './service-state.js'
import type {EndpointStatus} from './status.js'

/** Whether this daemon has seen for itself that what an entry says is so. */
export interface Verification {
  /** `false`: it is what was written down last, and may be so no more. */
  readonly verified: boolean
  /** When that was seen, ISO 8601; `null` while it has not been. */
  readonly checkedAt: string | null
  /** How it is known, or why it is not: one sentence without a full stop. */
  readonly reason: string
}

/** One start of a service. */
export interface RegisteredAttempt {
  readonly attempt: number
  /** The UUID that its workload carries. */
  readonly instance: string
  readonly executor: string
  /** ISO 8601. */
  readonly startedAt: string
  /** The newest; of the others the logs are kept. */
  readonly current: boolean
}

/** A service of any stack, as the registry has it: derived from its record, and checked. */
export interface RegisteredService extends Verification {
  /** The stack's id, its name, and its file. */
  readonly stack: string
  readonly stackName: string
  readonly file: string
  readonly service: string
  /** The service of the file that it is a replica of, and its number, from 1. */
  readonly group: string
  readonly replica: number
  /** The kind of its executor. */
  readonly target: string
  readonly serviceType: string | null
  /** The network that its stack file puts it in. */
  readonly network: string | null
  readonly state: ServiceState
  readonly desired: 'down' | 'up'
  /** Its workload is there. `null`: that is not known. */
  readonly alive: boolean | null
  /** It is there and ready to be used. */
  readonly ready: boolean
  /** When it entered `state`. */
  readonly since: string
  readonly pid: number | null
  readonly container: string | null
  /** The machine it runs on, where that is another. */
  readonly host: string | null
  /** Where it can be reached from this machine; empty while nothing of it may be there. */
  readonly endpoints: readonly EndpointStatus[]
  /** Oldest first; empty when it never started. */
  readonly attempts: readonly RegisteredAttempt[]
  /** It runs and is in the stack file no more. */
  readonly orphan: boolean
}

/** An address of any stack. As true as the service that serves it. */
export interface RegisteredEndpoint extends Verification, EndpointStatus {
  readonly stack: string
  readonly stackName: string
  readonly service: string
  /** Its service is there and ready to be used. */
  readonly ready: boolean
}
