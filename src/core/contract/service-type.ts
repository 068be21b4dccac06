import type {Json, JsonObject, JsonSchema} from '../base/json.js'
import type {ActionTable} from './action.js'
import type {ProcessEvent} from './command.js'
import type {Probe} from './probe.js'
import type {StackContext} from './stack-context.js'
import type {DependencyDefinition, PortDefinition, RestartPolicy} from './stack.js'
import type {Endpoint, WorkloadHandle} from './workload.js'

/** An edge that a type always brings; what is left out has the default of the stack file. */
export type Dependency = Pick<DependencyDefinition, 'kind' | 'name'> & Partial<DependencyDefinition>

/** What the stack file may leave out; whatever it says wins. */
export interface ServiceDefaults {
  /** Which executor runs it and with what; checked against that executor's `specSchema`. */
  readonly target?: {
    /** The kind of an executor. */
    readonly type: string
    /** Templates inside. */
    readonly spec: JsonObject
  }
  /**
   * Ports that such a service always has; those of the same name in the stack file win. One of the same number that the file gives no name is called as it
   * is here. `port: 0` is allocated, and kept for later starts.
   */
  readonly ports?: readonly PortDefinition[]
  /** Named addresses beside the target's ports, e.g. `url` of a chain's RPC. */
  readonly endpoints?: readonly Endpoint[]
  /** Decides when it is ready, where the stack file has no `health_check`. */
  readonly readiness?: Probe
  /** Restarts it when it fails too often in a row. */
  readonly liveness?: Probe
  /** The first, polite signal. @default that of the workload where it has one, else SIGTERM */
  readonly stopSignal?: NodeJS.Signals
  /** Milliseconds from the stop signal until it is forced. @default 10,000 */
  readonly graceMs?: number
  /** Milliseconds that it has to become ready. @default 300,000 */
  readonly startupTimeoutMs?: number
  /** What follows when it ends by itself. Left out: it stays down. */
  readonly restart?: RestartPolicy
  /** Variable by variable under the stack file's. Templates inside. */
  readonly env?: Readonly<Record<string, string>>
}

/** What setups and actions see of the service that runs, and of the stack around it. */
export interface ServiceContext<Config> extends StackContext {
  /** As the stack file says, with references filled in; `{}` where it says nothing. */
  readonly config: Config
  /** Where it runs, as the stack file or the defaults said. */
  readonly target: {
    /** The kind of its executor. */
    readonly type: string
    /** References are filled in. */
    readonly spec: unknown
  }
  /** An address of the service itself. Without a name: the first one. Throws when there is none of that name. */
  endpoint(name?: string): Endpoint
  /** The workload that runs. Do not stop, release or destroy it: the host does. */
  readonly handle: WorkloadHandle
  /** One line for those who wait, about how it gets on. */
  progress(message: string): void
}

/** One-time work on a running service. All three calls must be safe to repeat. */
export interface ServiceSetup<Config> {
  /**
   * Asked first, after `perform`, and every half minute while the service runs: when it holds no more, the work is done again. Must change nothing.
   */
  isComplete(context: ServiceContext<Config>): Promise<boolean>
  /** Does it. May have been interrupted before, at any place. */
  perform(context: ServiceContext<Config>): Promise<void>
  /** Throws when the setup that was just performed does not hold. */
  validate?(context: ServiceContext<Config>): Promise<void>
}

/** What `service_type: NAME` in a stack file links to. */
export interface ServiceType<Config = unknown, Event extends Json = Json> {
  /** As it stands in a stack file, like `my-type_1`. Unique among service types. */
  readonly type: string
  /** What it is, in one line, for `harness types`. */
  readonly summary: string
  /** The form of `config` in a stack file. A wrong one is an error of the stack file, before anything starts. */
  readonly configSchema: JsonSchema<Config>
  /**
   * Pure: the same configuration gives the same answer. `service.name` is for references to the service itself in the target, `env` and checks:
   * `${NAME.ports.http}` is its port.
   */
  defaults(config: Config, service: {readonly name: string}): ServiceDefaults
  /** Comes once the service has proven ready, and before others may use it. */
  readonly setup?: ServiceSetup<Config>
  /** What it can be told to do while it runs. */
  readonly actions?: ActionTable<ServiceContext<Config>>
  /** The form of its events. @default anything that is JSON */
  readonly event?: JsonSchema<Event>
  /**
   * Turns a line or the exit of the service into an event of the domain, which clients hear as `service.event`. `undefined`: it is none. Called for what
   * happens while a daemon is there; what does not fit `event` is dropped.
   */
  processEvent?(event: ProcessEvent): Event | undefined
}
