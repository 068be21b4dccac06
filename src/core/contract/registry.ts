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

/** All networks and machines that the stacks of a daemon are about. */
export interface Topology {
  /** Of this machine. */
  readonly hostname: string
  /** This machine first. */
  readonly hosts: readonly TopologyHost[]
  /** Of the stack files. */
  readonly networks: readonly TopologyNetwork[]
  readonly executorNetworks: readonly TopologyExecutorNetwork[]
  /** Executors that could not say which networks they have. */
  readonly problems: readonly {readonly executor: string; readonly reason: string}[]
}

/** A machine, with what is, may be or is to be there. */
export interface TopologyHost {
  /** As networks call it; `this machine` for this one. */
  readonly name: string
  readonly here: boolean
  /** With what this machine reaches it. */
  readonly reachedBy: string | null
  /** The nodes of stack files that it is. Nodes of different stacks are one machine where they have the same host or address. */
  readonly nodes: readonly {
    /** The stack's id and its name. */
    readonly stack: string
    readonly stackName: string
    readonly node: string
  }[]
  readonly services: readonly {
    readonly stack: string
    readonly stackName: string
    readonly service: string
    /** `null`: not known. */
    readonly alive: boolean | null
    readonly ready: boolean
  }[]
}

/** A network of a stack file. */
export interface TopologyNetwork {
  /** The stack's id and its name. */
  readonly stack: string
  readonly stackName: string
  readonly name: string
  readonly type: 'lan' | 'local' | 'wireguard'
  readonly subnet: string | null
  readonly interface: string | null
  /** This machine, where it takes part, and the nodes. */
  readonly members: readonly TopologyMember[]
  /** Those that are put in it with `network`. */
  readonly services: readonly string[]
}

export interface TopologyMember {
  readonly node: string
  readonly here: boolean
  /** Inside the network; `null` where there is none. */
  readonly address: string | null
  /** `declared` in the file, its `host` there, on an `interface` of this machine, or `leased`. */
  readonly source: 'declared' | 'host' | 'interface' | 'leased' | null
}

/** A network that an executor keeps. */
export interface TopologyExecutorNetwork {
  readonly executor: string
  readonly name: string
  readonly subnet: string | null
  /** The address of its machine in it. */
  readonly gateway: string | null
  readonly services: readonly {
    readonly stack: string
    readonly stackName: string
    readonly service: string
    /** The name or address by which the others there reach it. */
    readonly address: string
  }[]
}

/** How some reach a service. All of these askers get the same answer. */
export interface AddressView {
  /** This machine: the daemon and its user. */
  readonly here: boolean
  /** Other services of the stack. */
  readonly services: readonly string[]
  /** `null`: there is no way. */
  readonly host: string | null
  /** The network that the way goes through, where it is one with a name. */
  readonly network: string | null
  /** Why this way, or why there is none. */
  readonly reason: string
  readonly endpoints: readonly EndpointStatus[]
}
