import type {EventSink, EventStream} from '../base/event-stream.js'
import type {Json} from '../base/json.js'
import type {CommandSpec, ExitStatus, ProcessEvent} from './command.js'
import type {LayerUse} from './layer.js'
import type {LogSource} from './log.js'
import type {OutputSource, SessionOutput} from './session.js'
import type {LentShim} from './shim.js'
import type {LogSpool, SpoolOptions} from './spool.js'
import type {ExecResult} from './workload.js'

/** What the events of a handle are made from. */
export interface WorkloadEventsOptions {
  /** Each with the position from which its lines are events. */
  readonly logs: readonly {
    /** One of the handle's logs. */
    readonly source: LogSource
    /** A byte offset; 0 for all of it. */
    readonly from: number
  }[]
  /** The end comes after all lines. Left out: events until the signal aborts. */
  readonly ended?: Promise<{
    /** How. */
    readonly status: ExitStatus
    /** Milliseconds since the epoch. */
    readonly at: number
  }>
  /** Ends the events quietly; best the one that `release` aborts. */
  readonly signal?: AbortSignal
}

/** What is done with layers, the outermost of which comes first. EXECUTOR_UNAVAILABLE when no plugin brings one of them. */
export interface LayerTools {
  /** The command that has the given one run in them. */
  wrap(command: CommandSpec, layers: readonly LayerUse[]): CommandSpec
  /** For people: `ssh build@10.0.0.4 → docker exec db`. */
  describe(layers: readonly LayerUse[]): string
}

/** Texts for POSIX shells. */
export interface ShellText {
  /** Quotes a text so that a shell reads it back as one word, byte for byte. */
  quote(text: string): string
  /** The same environment in the two ways that a script can give it to a program. */
  environment(env: Readonly<Record<string, string>>): {
    /** Lines `export NAME='value'`: in no list of arguments. */
    readonly exports: readonly string[]
    /** Quoted words `NAME=value` for the `env` program: what a shell cannot hold, or would change or act upon. */
    readonly words: readonly string[]
  }
  /**
   * Lines that run others in a subshell, with the positional parameters that there are, and whose exit code is theirs. All of the process group, whose leader the shell must be, is ended once they have ended;
   * or once they are to end, with TERM, then KILL.
   */
  tied(
    run: string,
    options: {
      /** Between TERM and KILL, in milliseconds; a little less is taken. */
      readonly graceMs: number
      /** By whose end it is told: that of the standard input, which the lines do not get, or that of the parent process. */
      readonly to: 'input' | 'parent'
    },
  ): string
  /** A script that runs its parameters as the client of something far that is tied to its input: a signal to the group ends that input, and the client tells how it ended. */
  readonly tiedClient: string
}

/** Capabilities lent to a plugin. Plugins import types only, so every value comes from here. */
export interface PluginServices {
  /** Goes to the daemon's log, `harness daemon logs`, with the plugin's name. */
  readonly log: PluginLog
  /** A directory of the plugin's own (0700), created before the first call. */
  readonly stateDir: string
  /** Runs a command on this host to its end and collects its output (at most 1 MiB of each stream). Kills its whole group on abort. */
  run(command: CommandSpec, signal: AbortSignal): Promise<ExecResult>
  /** For executors whose capabilities have `layers`. Pure. */
  readonly layers: LayerTools
  /** Quoting, and variables in a script. Pure. */
  readonly shell: ShellText
  /** The writing half of an event stream, for handles that the plugin makes itself. */
  channel<Event>(): EventSink<Event>
  /** The lines of a log from a position on, until `signal` aborts. */
  follow(source: LogSource, signal: AbortSignal, offset?: number): EventStream<ProcessEvent>
  /** What happens to a workload, as events for its handle: its lines, each from a position on, then its end. */
  workloadEvents(options: WorkloadEventsOptions): EventStream<ProcessEvent>
  /** Opens the logs of an attempt that the plugin writes itself: what it runs writes to no file of this machine. */
  openSpool(options: SpoolOptions): LogSpool
  /**
   * Writes to the spool of an attempt until the work is done or the signal aborts. It has one writer at a time: who comes later takes over, and who was there before
   * goes on, with the work from its beginning and the spool opened anew, once that one has left.
   */
  writeSpool(
    options: SpoolOptions,
    work: (spool: LogSpool, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>
  /**
   * Reads streams as one, for `Session.output`, no further than it is asked. Ends when they do; or, since a stranger may hold them open, when nothing has come for a
   * moment after `over`.
   */
  readOutput(sources: readonly OutputSource[], over: Promise<void>): AsyncIterable<SessionOutput>
  /** The promise, or the reason of the signal when that comes first. Nothing is left behind by one that gives up. */
  abortable<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value>
  /** What a shell reports: death by signal n as 128 + n, which cannot be told from a program that exits with that number. */
  exitStatus(shellCode: number): ExitStatus
  /** For starting programs on other machines as this one does here. */
  readonly shim: LentShim
  /** An error that the host recognises, with a code from the documented table or `PLUGIN_FAILED`. */
  error(
    code: string,
    info: {
      /** What the error is about. @default the plugin */
      readonly subject?: string
      /** Why, in words, without a full stop. */
      readonly reason?: string
      /** What to do next, a sentence. @default that of the code */
      readonly hint?: string
      /** For programs. */
      readonly details?: Json
      /** What was caught. */
      readonly cause?: unknown
    },
  ): Error
}

/** A line for whoever runs the daemon; `fields` are written beside it as JSON. */
export interface PluginLog {
  /** For the author; not kept unless asked for. */
  debug(message: string, fields?: object): void
  /** Something happened. */
  info(message: string, fields?: object): void
  /** Something is wrong, and it goes on. */
  warn(message: string, fields?: object): void
}
