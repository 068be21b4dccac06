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
  readonly target?: {readonly type: string; readonly spec: JsonObject}
  /** Ports that such a service always has; those of the same name in the stack file win. `port: 0` is allocated, and kept for later starts. */
  readonly ports?: readonly PortDefinition[]
  /** Named addresses beside the target's ports, e.g. `url` of a chain's RPC. */
  readonly endpoints?: readonly Endpoint[]
  readonly readiness?: Probe
  readonly liveness?: Probe
  readonly stopSignal?: NodeJS.Signals
  readonly graceMs?: number
  readonly startupTimeoutMs?: number
  readonly restart?: RestartPolicy
  /** Variable by variable under the stack file's. Templates inside. */
  readonly env?: Readonly<Record<string, string>>
}

export interface ServiceContext<Config> extends StackContext {
  readonly config: Config
  /** Where it runs, as the stack file or the defaults said. */
  readonly target: {readonly type: string; readonly spec: unknown}
  endpoint(name?: string): Endpoint
  readonly handle: WorkloadHandle
  progress(message: string): void
}

/** One-time work on a running service. All three calls must be safe to repeat. */
export interface ServiceSetup<Config> {
  isComplete(context: ServiceContext<Config>): Promise<boolean>
  perform(context: ServiceContext<Config>): Promise<void>
  /** Throws when the setup that was just performed does not hold. */
  validate?(context: ServiceContext<Config>): Promise<void>
}

/** What `service_type: NAME` in a stack file links to. */
export interface ServiceType<Config = unknown, Event extends Json = Json> {
  readonly type: string
  readonly summary: string
  readonly configSchema: JsonSchema<Config>
  /**
   * Pure: the same configuration gives the same answer. `service.name` is for references to the service itself in the target, `env` and checks:
   * `${NAME.ports.http}` is its port.
   */
  defaults(config: Config, service: {readonly name: string}): ServiceDefaults
  readonly setup?: ServiceSetup<Config>
  readonly actions?: ActionTable<ServiceContext<Config>>
  /** The form of its events. @default anything that is JSON */
  readonly event?: JsonSchema<Event>
  /**
   * Turns a line or the exit of the service into an event of the domain, which clients hear as `service.event`. `undefined`: it is none. Called for what
   * happens while a daemon is there; what does not fit `event` is dropped.
   */
  processEvent?(event: ProcessEvent): Event | undefined
}
