import type {Json, JsonSchema} from '../base/json.js'
import type {LayerUse} from './layer.js'
import type {LogOptions} from './log.js'
import type {ExecutorNetwork, NetworkSeat, Tunnel} from './network.js'
import type {PluginServices} from './services.js'
import type {NetworkNode} from './stack.js'
import type {Endpoint, SavedHandle, WorkloadHandle} from './workload.js'

/** What an executor can do beyond start and stop; the host asks before it calls. */
export interface ExecutorCapabilities {
  /** Its handles have `exec`: commands can run where the workload runs. Health checks by command and `stop_command` need it. */
  readonly exec: boolean
  /** Its handles have `signal`: `harness signal` works. */
  readonly signal: boolean
  /** The workload outlives the daemon and `recover` can pick it up again. */
  readonly recover: boolean
  /** `managed`: started and stopped here. `attached`: it exists already; stop only lets go. */
  readonly ownership: 'attached' | 'managed'
  /** Its workloads live among this host's processes: the caller's environment means something to them. */
  readonly local: boolean
  /** The ports of its workloads are ports of this host, which checks that they are free, allocates those that are 0, and holds them. */
  readonly hostPorts: boolean
  /** It runs its workloads in the `layers` of the request (`PluginServices.layers`), and what it runs beside them likewise. @default false */
  readonly layers?: boolean
}

/** What an executor finds of the thing that it drives. */
export interface Fingerprint {
  /** `undetected`: it is not there. `unhealthy`: it is there and cannot be used. */
  readonly health: 'healthy' | 'undetected' | 'unhealthy'
  /** One sentence for people. */
  readonly description: string
  /** What else is worth knowing, such as a version or an address. */
  readonly attributes: Readonly<Record<string, string>>
}

/** All that one attempt is started from. */
export interface StartRequest<Spec = unknown> {
  /** Unique per attempt: `<stack>/<service>/<attempt>`. Used for labels and log names. */
  readonly id: string
  /** The stack's id. */
  readonly stack: string
  /** The service or task. */
  readonly service: string
  /** Counts the starts of the service or task, from 1. */
  readonly attempt: number
  /** How often the restart policy has started it anew since somebody asked for it. Missing, or 0: this start was asked for. */
  readonly restarts?: number
  /** A UUID of this attempt. Put it on the workload (environment, label), so that a stray can be found. */
  readonly instance: string
  /** Absolute folder of the stack file; relative paths in `spec` start here. */
  readonly directory: string
  /** Absolute path of a folder for this attempt alone. The executor makes it (0700) when it wants one. */
  readonly runDirectory: string
  /** Checked against `specSchema`; references are filled in. */
  readonly spec: Spec
  /** What the workload runs in, the outermost first. Only for executors whose capabilities have `layers`. @default none */
  readonly layers?: readonly LayerUse[]
  /** Some layer leads away from this machine: its folders and the caller's environment mean nothing to the workload, only to what leads there. */
  readonly elsewhere?: boolean
  /** What the stack file gives. */
  readonly env: Readonly<Record<string, string>>
  /** The caller's environment, already narrowed by `inherit_env`. Only for workloads on this host. */
  readonly inheritedEnv: Readonly<Record<string, string>>
  /** The service's ports, allocated ones filled in. */
  readonly endpoints: readonly Endpoint[]
  /** The hosts of the stack's networks, by name: what a target calls a host may be one of them. Missing: there are none. */
  readonly nodes?: Readonly<Record<string, NetworkNode>>
  /** Present where its seat has a tunnel, and is on another machine. */
  readonly tunnel?: Tunnel
  /** How its output is to be kept; see `PluginServices.openSpool`. */
  readonly logs: LogOptions
  /** How long what the workload leaves behind may take to end, in milliseconds. */
  readonly graceMs: number
}

/** What goes on around a start. */
export interface StartContext {
  /** Aborts when the start is taken back. */
  readonly signal: AbortSignal
  /** One line about long work before the workload runs: a pull, a build, a copy. */
  progress(message: string): void
}

/** One way to run things. Stateless towards the host: everything that must survive stands in the saved handle. */
export interface Executor<Spec = unknown, State extends Json = Json> {
  /** The target's `type` in a stack file. */
  readonly kind: string
  /** The same for all its workloads, and at all times. */
  readonly capabilities: ExecutorCapabilities
  /** The form of `target` in a stack file, without `type`. A wrong one is an error of the stack file, before anything starts. */
  readonly specSchema: JsonSchema<Spec>
  /** The `version` of the handles that it saves now. A positive integer; `recover` may be given any earlier one. */
  readonly handleVersion: number
  /** Is the thing this executor drives present and usable? Cheap; called again and again. */
  fingerprint(signal: AbortSignal): Promise<Fingerprint>
  /** Pure: what `recover` needs to find the workload of this request. The host writes it to disk before it calls `start`. */
  intent(request: StartRequest<Spec>): SavedHandle<State>
  /**
   * Starts the workload. When it rejects, nothing of the attempt is left running. It may take as long as it says something (`progress`) at least every five
   * minutes; once its signal aborts, as long as the grace and a few seconds.
   */
  start(request: StartRequest<Spec>, context: StartContext): Promise<WorkloadHandle<State>>
  /**
   * Finds the workload again, running or ended (its handle then answers `wait` at once).
   * `undefined`: it never began and, from now on, never will. Rejects when that cannot be told now (a host or engine that does not answer):
   * the host asks again later, and the workload counts as unreachable, not as stopped, until then.
   */
  recover(saved: SavedHandle<State>, signal: AbortSignal): Promise<WorkloadHandle<State> | undefined>
  /**
   * Pure: how a workload of this spec will take part in networks, told before it begins, because others are given its address, and it theirs. Of the
   * definition: references are not filled in. Missing: it is a process of this machine.
   */
  seat?(spec: Spec, of: {readonly stack: string; readonly service: string}): NetworkSeat
  /**
   * Pure: why a workload of this spec cannot run in layers although the capabilities have `layers`, in words, without a full stop. Of the definition:
   * references are not filled in. Missing, or `undefined`: it can.
   */
  whyNotInLayers?(spec: Spec): string | undefined
  /** The networks that it keeps, for `harness registry topology`. Missing: none. */
  networks?(signal: AbortSignal): Promise<readonly ExecutorNetwork[]>
}

/** Makes an executor when the plugins are loaded. Cheap: nothing is opened or asked for yet. */
export type ExecutorFactory<Spec = unknown, State extends Json = Json> = (
  services: PluginServices,
) => Executor<Spec, State>
