import type {JsonSchema} from '../../base/json.js'
import type {StackDefinition} from '../../contract/stack.js'
import type {Caller} from '../../protocol/method.js'
import type {MethodName} from '../../protocol/methods.js'
import type {HarnessClient} from './create.js'

/**
 * How the commands of plugins come to a client. Plugins import types only, so the host lends one: it answers the oclif hook `harness:client`,
 * which a command of a plugin runs in its `run()`:
 *
 * ```ts
 * const {successes, failures} = await this.config.runHook('harness:client', {about: flags, daemon: flags.daemon})
 * for (const {error} of failures) throw error
 * await using lent = successes[0]?.result as LentClient
 * const stack = await lent.findStack(flags)
 * ```
 *
 * oclif keeps what a hook throws. Thrown again it ends the command as it ends those of the host: with its code, its hint and its exit code. Without
 * a success the host is older than this hook.
 */
export type ClientHook = (wish: ClientWish) => Promise<LentClient>

/** What a command of a plugin says when it asks for a client. */
export interface ClientWish {
  /**
   * The stack that the command will be about. A daemon that is started on the way does not get the variables that the secrets of its file come
   * from. @default any
   */
  readonly about?: StackFlags
  /** Start a daemon when none runs, also when it has gone later, as other commands do. `false`: DAEMON_UNREACHABLE. @default true */
  readonly start?: boolean
  /** `wss://host:port` of a daemon elsewhere, as `--daemon`. It must be trusted; none is started there. @default the one of this machine */
  readonly daemon?: string | undefined
  /** Print no notes on standard error: only what has to be seen. @default false */
  readonly quiet?: boolean
}

/** Which stack a command is about, as its flags say it; nothing: what belongs to the current folder. */
export interface StackFlags {
  /** `-c FILE`, in order. `-` is standard input. */
  readonly config?: readonly string[] | undefined
  /** `--stack NAME`: one that the daemon knows, instead of a file. */
  readonly stack?: string | undefined
  /** `--env NAME`: an entry of `environments` of the file. */
  readonly env?: string | undefined
}

/** A client for the command of a plugin. Notes and warnings go to standard error, nothing to standard output. Disposing it ends the conversation. */
export interface LentClient extends AsyncDisposable {
  /** Connected, with every method of the daemon. */
  readonly client: HarnessClient
  /** What those methods take and answer, for commands that are made from it. */
  readonly protocol: ProtocolTables
  /**
   * The stack that the flags choose, as `harness status` chooses it: for methods about what is there. One that the daemon does not know is made known
   * from its file first. CONFIG_NOT_FOUND, CONFIG_INVALID, STACK_AMBIGUOUS.
   */
  findStack(flags: StackFlags): Promise<string>
  /**
   * Reads the file of the stack that the flags choose, as `harness start` does, and makes it known as it is now. `caller`: what `service.start`,
   * `service.restart` and `task.run` are to be given, with the `.env` file and the values of the secrets. Without a file (`stack`) it is the environment alone.
   */
  openStack(flags: StackFlags): Promise<{
    /** Its id. */
    readonly stack: string
    /** To be spread into the parameters of those methods. */
    readonly caller: Caller
    /** What its file says, with references left as they are. Missing without a file. */
    readonly definition?: StackDefinition
  }>
}

/** The protocol for programs: a part of docs/protocol.json. */
export interface ProtocolTables {
  /** By name: `service.start`. */
  readonly methods: Readonly<Record<MethodName, MethodDescription>>
  /** The shapes that `{"$ref": "#/$defs/NAME"}` names in the schemas of methods. */
  readonly $defs: Readonly<Record<string, JsonSchema<unknown>>>
}

/** A method of the daemon in words and schemas. */
export interface MethodDescription {
  /** Sentences for people. */
  readonly summary: string
  /** What it takes. */
  readonly params: JsonSchema<unknown>
  /** What it answers. */
  readonly result: JsonSchema<unknown>
}
