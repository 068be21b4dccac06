import type {EventSink, EventStream} from '../base/event-stream.js'
import type {Json} from '../base/json.js'
import type {CommandSpec, ExitStatus, ProcessEvent} from './command.js'
import type {LogSource} from './log.js'
import type {LogSpool, SpoolOptions} from './spool.js'
import type {ExecResult} from './workload.js'

export interface WorkloadEventsOptions {
  /** Each with the position from which its lines are events. */
  readonly logs: readonly {readonly source: LogSource; readonly from: number}[]
  /** The end comes after all lines. `at`: milliseconds since the epoch. Left out: events until the signal aborts. */
  readonly ended?: Promise<{readonly status: ExitStatus; readonly at: number}>
  readonly signal?: AbortSignal
}

/** Capabilities lent to a plugin. Plugins import types only, so every value comes from here. */
export interface PluginServices {
  readonly log: PluginLog
  /** A directory of the plugin's own (0700), created before the first call. */
  readonly stateDir: string
  /** Runs a command on this host to its end and collects its output (at most 1 MiB of each stream). Kills its whole group on abort. */
  run(command: CommandSpec, signal: AbortSignal): Promise<ExecResult>
  /** The writing half of an event stream, for handles that the plugin makes itself. */
  channel<Event>(): EventSink<Event>
  /** The lines of a log from a position on, until `signal` aborts. */
  follow(source: LogSource, signal: AbortSignal, offset?: number): EventStream<ProcessEvent>
  /** What happens to a workload, as events for its handle: its lines, each from a position on, then its end. */
  workloadEvents(options: WorkloadEventsOptions): EventStream<ProcessEvent>
  /** Opens the logs of an attempt that the plugin writes itself: what it runs writes to no file of this machine. */
  openSpool(options: SpoolOptions): LogSpool
  /** An error that the host recognises, with a code from the documented table or `PLUGIN_FAILED`. */
  error(
    code: string,
    info: {
      readonly subject?: string
      readonly reason?: string
      readonly hint?: string
      readonly details?: Json
      readonly cause?: unknown
    },
  ): Error
}

export interface PluginLog {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
}
