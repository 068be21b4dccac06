import type {EventStream} from '../base/event-stream.js'
import type {Json} from '../base/json.js'
import type {CommandSpec, ExitStatus, ProcessEvent} from './command.js'
import type {LogSource} from './log.js'
import type {NetworkSeat} from './network.js'
import type {Session, SessionRequest, WorkloadInput} from './session.js'

/** The scheme of an address, as in `http://host:port`. */
export type EndpointProtocol = 'grpc' | 'http' | 'https' | 'tcp' | 'udp' | 'ws' | 'wss'

/** An address that a workload serves, as this host reaches it. */
export interface Endpoint {
  /** The port's name in the stack file; `default` when it has none. */
  readonly name: string
  /** What is spoken there. */
  readonly protocol: EndpointProtocol
  /** A name or an address. An IPv6 address is written without brackets. */
  readonly host: string
  /** 1 to 65535. */
  readonly port: number
  /** The port inside the container, where that is another one. */
  readonly containerPort?: number
}

/** What is written to disk so that a later daemon can find the workload again. */
export interface SavedHandle<State extends Json = Json> {
  /** The `kind` of the one that made it, and can recover it. */
  readonly executor: string
  /** Bumped by the executor whenever `state` changes shape. */
  readonly version: number
  /** `<stack>/<service>/<attempt>`, as in the start request. */
  readonly id: string
  /** What only the executor understands: JSON, small, and no secret. */
  readonly state: State
}

/** How a workload is ended. */
export interface StopOptions {
  /** How long the workload may take before it is forced, in milliseconds. */
  readonly graceMs: number
  /** The first, polite signal. @default the one that the workload is made for, where that is known: `STOPSIGNAL` of an image; else 'SIGTERM' */
  readonly signal?: NodeJS.Signals
}

/** How a command ended, and what it printed. */
export interface ExecResult {
  /** Any exit code: a program that fails is no error of the call. */
  readonly status: ExitStatus
  /** At most 1 MiB of each stream. */
  readonly stdout: string
  /** At most 1 MiB. */
  readonly stderr: string
}

/** Where a workload can be found, for people. All optional: an executor fills in what it has. */
export interface WorkloadPlace {
  /** On its host, as that sees it. */
  readonly pid?: number
  /** Its name or id. */
  readonly container?: string
  /** The machine, where that is another. */
  readonly host?: string
}

/** Something about a workload that changes by itself. */
export interface Observable<Value> {
  /** What it is now. */
  readonly current: Value
  /** The listener is called after each change, until what is returned is disposed of. */
  onChange(listener: () => void): Disposable
}

/** What the engine of a workload finds of its health, where the workload brings a check of its own (the HEALTHCHECK of an image). */
export interface EngineHealth {
  /** `starting`: failures do not count yet. */
  readonly state: 'healthy' | 'starting' | 'unhealthy'
  /** What the last check said. */
  readonly message: string
}

/** What a workload uses at this moment. */
export interface WorkloadStats {
  /** 1: one core, all the time. */
  readonly cpu: number
  /** Resident, in bytes. */
  readonly memory: number
  /** How much memory it may have, in bytes. Missing: as much as the machine has. */
  readonly memoryLimit?: number
}

/** What runs in place of what was asked for. */
export interface Fallback {
  /** What was asked for, why it could not be had, and what runs now, in words, without a full stop. */
  readonly reason: string
  /** What to do next, a sentence. */
  readonly hint: string
}

/** A started workload: one process, container or unit. */
export interface WorkloadHandle<State extends Json = Json> {
  /** `<stack>/<service>/<attempt>`, as in the start request. */
  readonly id: string
  /** Shown by `harness status`. */
  readonly place: WorkloadPlace
  /** When it began, in milliseconds since the epoch; also right for one that was recovered. */
  readonly startedAt: number
  /**
   * It runs, and is not what was asked for: an earlier version, because the new one was not healthy. The service goes on with it, for its dependents too,
   * and the start ends as a failure with this reason. Said once, by the handle of a start.
   */
  readonly fallback?: Fallback
  /** Addresses that only the executor knows, beside the ports of the request. Empty for most. */
  readonly endpoints: readonly Endpoint[]
  /** How it takes part in networks, where that is more than `Executor.seat` could tell before it began. */
  readonly seat?: NetworkSeat
  /**
   * `unknown` while its engine, or its host, does not answer: what is known of it is the last that was heard. Checks that fail meanwhile count for
   * nothing. Missing: it is always known.
   */
  readonly reachability?: Observable<'known' | 'unknown'>
  /** Its own health check, asked by its engine. Decides when the service is ready, and whether it is healthy, unless the stack file has a check. */
  readonly health?: Observable<EngineHealth>
  /** What happens from now on: lines and the end. */
  readonly events: EventStream<ProcessEvent>
  /** Everything it has printed, readable from any position, also after a restart of the daemon. Empty where nothing is captured. */
  readonly logs: readonly LogSource[]
  /** Pure: what `recover` will be given. The host writes it to disk after the start. */
  save(): SavedHandle<State>
  /**
   * Its program is there at this moment. Present where that can be told at once, from this machine's table of processes: the registry asks each
   * time that it is read. Without it, what `wait` has said so far counts.
   */
  isAlive?(): boolean
  /** The end of the workload, also one that came while no daemon was there. Rejects only when `signal` aborts. */
  wait(signal?: AbortSignal): Promise<ExitStatus>
  /** Asks to end, then forces after `graceMs`. Resolves once nothing of the workload is left; an attached one is only let go. Idempotent. */
  stop(options: StopOptions): Promise<ExitStatus>
  /** Removes what stop leaves behind (run directories, containers). Idempotent. */
  destroy(): Promise<void>
  /** Lets go of watchers and timers in this process; the workload goes on. Idempotent. */
  release(): void
  /** Runs a command where the workload runs. Present when `capabilities.exec`. */
  exec?(command: CommandSpec, signal: AbortSignal): Promise<ExecResult>
  /**
   * Runs a command where the workload runs, with its streams live. A program that cannot be run is no error: it ends with 126 or 127, and the
   * reason. Left out by an executor whose `exec` cannot stream.
   */
  openSession?(request: SessionRequest): Promise<Session>
  /**
   * Opens its standard input, which stays open when this is let go of. Left out where it has none that can be written to. Rejects with
   * SERVICE_NO_INPUT when its program has closed it, or has ended.
   */
  openInput?(): Promise<WorkloadInput>
  /** What it uses now. Left out where that cannot be told. */
  stats?(signal: AbortSignal): Promise<WorkloadStats>
  /**
   * Sends a signal to the program itself, and not to what it has started. Resolves once it is sent; what the program does about it shows in
   * `events` and `wait`. Rejects with SERVICE_NOT_RUNNING when the workload has ended, EXECUTOR_FAILED when it may not be signalled. Present
   * when `capabilities.signal`.
   */
  signal?(signal: NodeJS.Signals): Promise<void>
}
