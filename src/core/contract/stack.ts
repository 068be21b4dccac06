import type {Json, JsonObject} from '../base/json.js'
import type {LayerUse} from './layer.js'
import type {LogOptions} from './log.js'
import type {Probe} from './probe.js'
import type {EndpointProtocol} from './workload.js'

/**
 * A stack as the daemon takes it: both spellings of the file normalised, variables filled in, defaults written out,
 * but for those that a service type may bring.
 * Every string that may hold a reference is a *template*: `${service.port}` is a reference, `$$` a literal `$`.
 * Templates stand in `target.spec`, the specs of `layers`, `env`, `config`, `input` and probes; all other strings are plain.
 */
export interface StackDefinition {
  /** For people and commands; stacks of other files may have the same one. */
  readonly name: string
  /** Absolute path of the stack file; part of the stack's identity. For stacks made by a program: any absolute path of its own. */
  readonly file: string
  /** Absolute folder that relative paths start from. */
  readonly directory: string
  /** The entry of `environments` that was laid over the file. */
  readonly environment?: string
  /** Packages that bring types of it, each perhaps with `@` and a version. For whoever lacks one. @default none */
  readonly plugins?: readonly string[]
  /** Where the secrets come from that `${secret.NAME}` names; their values are never part of a definition. */
  readonly secrets?: Readonly<Record<string, SecretSource>>
  /** What the variables came to that its files refer to; `null` for one that is not set, or that holds a secret. For people: it is filled in already. */
  readonly variables?: Readonly<Record<string, string | null>>
  /** By name. */
  readonly networks?: Readonly<Record<string, NetworkDefinition>>
  /** By name. References, `harness` commands and logs call them by it. */
  readonly services: Readonly<Record<string, ServiceDefinition>>
  /** By name; none has the name of a service. */
  readonly tasks: Readonly<Record<string, TaskDefinition>>
}

/** Read by the client that starts something, and handed over with the start. */
export type SecretSource =
  | {
      /** A variable of the caller's environment or of the `.env` file. */
      readonly env: string
    }
  | {
      /** Absolute path; one line break at its end does not count. */
      readonly file: string
    }
  | {
      /** A program with its arguments, run in the folder of the stack file; what it prints, without the line break at its end. */
      readonly command: readonly string[]
    }

/** Hosts that reach each other, as the stack file says. */
export interface NetworkDefinition {
  /** `local`: this machine. `lan`: hosts that reach each other by their addresses. `wireguard`: through an interface of its own. */
  readonly type: 'lan' | 'local' | 'wireguard'
  /** In CIDR notation. */
  readonly subnet?: string
  /** The hosts in it. */
  readonly nodes: readonly NetworkNode[]
  /** Of a wireguard network: its configuration file, and the name of its interface. */
  readonly configPath?: string
  /** Of a wireguard network: its name on this machine. */
  readonly interface?: string
}

/** A host of a network. */
export interface NetworkNode {
  /** Unique in its network. */
  readonly name: string
  /** How this machine reaches it. */
  readonly host?: string
  /** Its address inside the network. */
  readonly address?: string
  /** Who logs in there. */
  readonly sshUser?: string
  /** Path of the private key for that. */
  readonly sshKey?: string
  /** Where its SSH server listens. */
  readonly sshPort?: number
  /** Of a wireguard node. */
  readonly publicKey?: string
  /** Of a wireguard node: `host:port` where it is reached from outside. */
  readonly endpoint?: string
}

/** Where something runs. */
export interface TargetDefinition {
  /** The kind of an executor. */
  readonly type: string
  /** Templates inside. Checked by the daemon against the executor's `specSchema`. */
  readonly spec: JsonObject
}

/** What a command runs in. Templates inside its spec. */
export type LayerDefinition = LayerUse

/** A port that a service serves. */
export interface PortDefinition {
  /** `default` when the file gives none. */
  readonly name: string
  /** The scheme of its address. */
  readonly protocol: EndpointProtocol
  /** On this host; 0 is allocated and kept. */
  readonly port: number
  /** The port inside the container. @default `port` */
  readonly container?: number
}

/** `started`: it runs. `ready`: and can be used. `succeeded`: it has ended well. `completed`: it has ended. */
export type DependencyCondition = 'completed' | 'ready' | 'started' | 'succeeded'

/** An edge of the stack's graph. */
export interface DependencyDefinition {
  /** What is depended on. */
  readonly kind: 'service' | 'task'
  /** Which one of the stack. */
  readonly name: string
  /** What must hold before the start. @default `ready` of services, `succeeded` of tasks */
  readonly condition: DependencyCondition
  /** `false`: missing is a warning and not waited for. */
  readonly required: boolean
  /** A restart of the dependency that somebody asked for restarts this one once the dependency is ready again. */
  readonly restart: boolean
}

/** What follows when a service ends by itself. Times in milliseconds. */
export interface RestartPolicy {
  /** `on-failure`: unless its end was a good one. @default 'no' */
  readonly policy: 'always' | 'no' | 'on-failure'
  /** Before the first new attempt. @default 1,000 */
  readonly delayMs: number
  /** By which the wait grows with each attempt. @default 2 */
  readonly factor: number
  /** The longest wait. @default 60,000 */
  readonly maxDelayMs: number
  /** The part of a wait that is left to chance, 0 to 1. @default 0.1 */
  readonly jitter: number
  /** More restarts than this within `windowMs` are a crash loop: the service is Failed. */
  readonly maxAttempts: number
  /** The time in which restarts are counted. @default 60,000 */
  readonly windowMs: number
  /** This long in Running and the count starts again. */
  readonly resetAfterMs: number
}

/** A service of a stack. */
export interface ServiceDefinition {
  /** Links to a service type of a plugin: its setup, actions and defaults. */
  readonly serviceType?: string
  /** Absolute folder that its relative paths start from, where it is not the stack's: that of an included file. */
  readonly directory?: string
  /** A start that names no service takes it only when one of these is active. None: always. */
  readonly profiles?: readonly string[]
  /** The network that it is reached through. */
  readonly network?: string
  /** The service type's own settings. Templates inside. */
  readonly config?: Json
  /** Missing only where the service type brings one. */
  readonly target?: TargetDefinition
  /** What it runs in, the outermost first; those of the stack are among them. @default none */
  readonly layers?: readonly LayerDefinition[]
  /** Templates inside. */
  readonly env: Readonly<Record<string, string>>
  /** `true`: everything of the caller's; a list: only names that match one of the patterns (`*` matches any text) and none that has `!` before it. */
  readonly inheritEnv: boolean | readonly string[]
  /** What it serves. References call them `${service.ports.NAME}`. */
  readonly ports: readonly PortDefinition[]
  /** What must be there before it. */
  readonly dependencies: readonly DependencyDefinition[]
  /** Readiness. */
  readonly healthCheck?: Probe
  /** Fails `failureThreshold` times in a row: the service is restarted. Missing: the service type's. */
  readonly liveness?: Probe
  /** Missing: the service type's, else harness's own default. Likewise the three below. */
  readonly restart?: RestartPolicy
  /** Missing: the service type's, else the one that the executor knows the workload to be made for, else SIGTERM. */
  readonly stopSignal?: NodeJS.Signals
  /** Runs where the service runs, instead of the signal, and has the same grace. */
  readonly stopCommand?: CommandLine
  /** Milliseconds from the polite end to the forced one. */
  readonly graceMs?: number
  /** Milliseconds that it has to become ready. */
  readonly startupTimeoutMs?: number
  /** Without a health check, ready after living this long. */
  readonly minUptimeMs: number
  /** What is done with one that is not ready in time: left running, to be looked at, or stopped. */
  readonly onStartTimeout: 'keep' | 'stop'
  /** Exit codes that are a good end. */
  readonly successExitCodes: readonly number[]
  /** Signals that are a good end. */
  readonly successSignals: readonly NodeJS.Signals[]
  /** How many of it there are: `api`, `api-2`, `api-3`. Each has its own ports, log and state; HARNESS_REPLICA is its number. */
  readonly replicas: number
  /** Files whose changes do something. */
  readonly watch: readonly WatchDefinition[]
  /** How its output is kept. */
  readonly logs: LogOptions
}

/** A program with its arguments. Templates inside. */
export interface CommandLine {
  /** A path, or a name to look for in PATH. */
  readonly program: string
  /** Without the program itself. No shell reads them. */
  readonly args: readonly string[]
}

/** What follows when files change. */
export interface WatchDefinition {
  /** Files and folders (with all below), from the folder of the stack file. */
  readonly paths: readonly string[]
  /** Only files that match one of these globs; empty: all. */
  readonly include: readonly string[]
  /** Never what matches one of these globs. */
  readonly ignore: readonly string[]
  /** This long nothing more must change before something is done. */
  readonly debounceMs: number
  /** What is done. */
  readonly action:
    | {
        /** The service starts anew. */
        readonly kind: 'restart'
      }
    | {
        /** A task of the stack runs. */
        readonly kind: 'task'
        /** Its name. */
        readonly task: string
      }
}

/** When a task runs by itself, while its stack is up. */
export type ScheduleDefinition = {
  /** What to do when the run before still goes on: leave this one out, begin it afterwards, or let it begin beside it. */
  readonly overlap: 'parallel' | 'queue' | 'skip'
} & (
  | {
      /** Five or six fields (seconds first), or `@daily` and the like. */
      readonly cron: string
      /** A name of the IANA time zone database. */
      readonly timezone: string
    }
  | {
      /** Milliseconds from one run to the next. */
      readonly everyMs: number
    }
)

/** How often a failed run is tried again, and how long it waits before. */
export type RetryPolicy = Pick<RestartPolicy, 'delayMs' | 'factor' | 'jitter' | 'maxDelayMs'> & {
  /** Beyond the first run. */
  readonly retries: number
}

/** A task of a stack. */
export interface TaskDefinition {
  /** A built-in one (`command`) or that of a plugin. */
  readonly taskType: string
  /** Absolute folder that its relative paths start from, where it is not the stack's: that of an included file. */
  readonly directory?: string
  /** What `action:` or `config:` says, for the task type. Templates inside. */
  readonly input: JsonObject
  /** Where its commands run. Missing for task types that need none. */
  readonly target?: TargetDefinition
  /** What it runs in, the outermost first; those of the stack are among them. @default none */
  readonly layers?: readonly LayerDefinition[]
  /** Templates inside. */
  readonly env: Readonly<Record<string, string>>
  /** As for services. */
  readonly inheritEnv: boolean | readonly string[]
  /** What must be there before it; those of its type come on top. */
  readonly dependencies: readonly DependencyDefinition[]
  /** Complete when this path exists; from the folder of the stack file. A template. */
  readonly creates?: string
  /** Complete when this command ends with 0. It runs on this host. */
  readonly status?: CommandLine
  /** Of one run. */
  readonly timeoutMs: number
  /** What follows when a run fails. */
  readonly retry: RetryPolicy
  /** Missing: it runs when something depends on it, or somebody asks. */
  readonly schedule?: ScheduleDefinition
  /** Milliseconds from the polite end to the forced one. @default 10,000 */
  readonly graceMs: number
  /** How its output is kept. */
  readonly logs: LogOptions
}
