import type {LogLine, LogPosition} from '../contract/log.js'
import type {TerminalSize} from '../contract/session.js'
import type {InitializeResult, MethodName, ParamsOf, ResultOf} from '../protocol/methods.js'
import type {DaemonEvent, EventGap, Progress} from '../protocol/notifications.js'

/** A conversation with a daemon. Disposing it ends the conversation, not what it asked for. */
export interface Client extends AsyncDisposable {
  /** What the daemon said of itself. */
  readonly hello: InitializeResult
  /** `unix:/path` or `wss://host:port`. */
  readonly address: string
  /** Resolves when the conversation is over: with CONNECTION_LOST, or with nothing when it was disposed of. */
  readonly closed: Promise<Error | undefined>
  /** Rejects with the daemon's error, with CONNECTION_LOST, or with the signal's reason. */
  call<Name extends MethodName>(name: Name, params: ParamsOf<Name>, options?: CallOptions): Promise<ResultOf<Name>>
  /** The same for a method with a channel: what is printed is heard, and input can be given until it is answered. */
  open<Name extends ChannelMethod>(name: Name, params: ParamsOf<Name>, options: OpenOptions): OpenCall<ResultOf<Name>>
  /** Takes nothing more from the daemon until `resume`, neither answers nor events: it then waits, or sends us away. */
  pause(): void
  resume(): void
  /** Hears every event that `events.subscribe` brings, until disposed of. */
  onEvent(listener: (event: DaemonEvent) => void): Disposable
  /** Hears that events were left out because this client read too slowly, until disposed of. `events.subscribe` with `after` brings them back. */
  onGap(listener: (gap: EventGap) => void): Disposable
}

export interface CallOptions {
  /** Takes the request back: the daemon is told, and the call rejects at once. */
  readonly signal?: AbortSignal
  /** First a plan, then steps. */
  readonly onProgress?: (progress: Progress) => void
  /** `begin`, with the first lines: where each stream begins. */
  readonly onLog?: (lines: readonly LogLine[], begin?: readonly LogPosition[]) => void
}

/** Methods with a channel. */
export type ChannelMethod = 'service.attach' | 'service.exec'

export interface OpenOptions {
  /** Takes the request back, which ends what it runs. */
  readonly signal?: AbortSignal
  /** Hears once that what was asked for is there, before any output. */
  readonly onOpen?: () => void
  /** Gets what is printed, in order, one part at a time: no more comes than it takes. When it throws, the request is taken back. */
  readonly onOutput: (stream: 'stderr' | 'stdout', bytes: Uint8Array) => Promise<void> | void
}

/** A request that streams go to and fro for. */
export interface OpenCall<Result> {
  /** Settles once all of the output was taken. Rejects as `call` does. */
  readonly result: Promise<Result>
  /** Gives input. Resolves when more may be given; does nothing once it is over. */
  write(bytes: Uint8Array): Promise<void>
  /** There is no more input. */
  end(): Promise<void>
  /** The terminal has another size now. */
  resize(size: TerminalSize): void
  /** Sends a signal to what runs. */
  signal(signal: NodeJS.Signals): void
}

/** Who asks. */
export interface ClientName {
  readonly name: string
  readonly version: string
}
