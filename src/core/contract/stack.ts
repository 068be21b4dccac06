import type {Json, JsonObject} from '../base/json.js'
import type {LogOptions} from './executor.js'
import type {Probe} from './probe.js'
import type {EndpointProtocol} from './workload.js'

/**
 * A stack as the daemon takes it: both spellings of the file normalised, variables filled in, defaults written out,
 * but for those that a service type may bring.
 * Every string that may hold a reference is a *template*: `${service.port}` is a reference, `$$` a literal `$`.
 * Templates stand in `target.spec`, `env`, `config`, `input` and probes; all other strings are plain.
 */
export interface StackDefinition {
  readonly name: string
  /** Absolute path of the stack file; part of the stack's identity. For stacks made by a program: any absolute path of its own. */
  readonly file: string
  /** Absolute folder that relative paths start from. */
  readonly directory: string
  readonly services: Readonly<Record<string, ServiceDefinition>>
  readonly tasks: Readonly<Record<string, TaskDefinition>>
}

export interface TargetDefinition {
  /** The kind of an executor. */
  readonly type: string
  /** Templates inside. Checked by the daemon against the executor's `specSchema`. */
  readonly spec: JsonObject
}

export interface PortDefinition {
  /** `default` when the file gives none. */
  readonly name: string
  readonly protocol: EndpointProtocol
  /** On this host; 0 is allocated and kept. */
  readonly port: number
  readonly container?: number
}

export type DependencyCondition = 'completed' | 'ready' | 'started' | 'succeeded'

/** An edge of the stack's graph. */
export interface DependencyDefinition {
  readonly kind: 'service' | 'task'
  readonly name: string
  readonly condition: DependencyCondition
  /** `false`: missing is a warning and not waited for. */
  readonly required: boolean
}

export interface RestartPolicy {
  readonly policy: 'always' | 'no' | 'on-failure'
  readonly delayMs: number
  readonly factor: number
  readonly maxDelayMs: number
  readonly jitter: number
  /** More restarts than this within `windowMs` are a crash loop: the service is Failed. */
  readonly maxAttempts: number
  readonly windowMs: number
  /** This long in Running and the count starts again. */
  readonly resetAfterMs: number
}

export interface ServiceDefinition {
  /** Links to a service type of a plugin: its setup, actions and defaults. */
  readonly serviceType?: string
  /** The service type's own settings. Templates inside. */
  readonly config?: Json
  /** Missing only where the service type brings one. */
  readonly target?: TargetDefinition
  /** Templates inside. */
  readonly env: Readonly<Record<string, string>>
  /** `true`: everything of the caller's; a list: only names that match one of the patterns (`*` matches any text). */
  readonly inheritEnv: boolean | readonly string[]
  readonly ports: readonly PortDefinition[]
  readonly dependencies: readonly DependencyDefinition[]
  /** Readiness. */
  readonly healthCheck?: Probe
  /** Missing: the service type's, else harness's own default. Likewise the three below. */
  readonly restart?: RestartPolicy
  readonly stopSignal?: NodeJS.Signals
  readonly graceMs?: number
  readonly startupTimeoutMs?: number
  /** Without a health check, ready after living this long. */
  readonly minUptimeMs: number
  readonly onStartTimeout: 'keep' | 'stop'
  /** Exit codes that are a good end. */
  readonly successExitCodes: readonly number[]
  readonly logs: LogOptions
}

export interface TaskDefinition {
  readonly taskType: string
  /** What `action:` or `config:` says, for the task type. Templates inside. */
  readonly input: JsonObject
  /** Where its commands run. Missing for task types that need none. */
  readonly target?: TargetDefinition
  readonly env: Readonly<Record<string, string>>
  readonly inheritEnv: boolean | readonly string[]
  readonly dependencies: readonly DependencyDefinition[]
  readonly timeoutMs: number
  readonly graceMs: number
  readonly logs: LogOptions
}
