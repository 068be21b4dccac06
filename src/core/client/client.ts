import type {LogLine} from '../contract/log.js'
import type {InitializeResult, MethodName, ParamsOf, ResultOf} from '../protocol/methods.js'
import type {DaemonEvent, Progress} from '../protocol/notifications.js'

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
  /** Hears every event that `events.subscribe` brings, until disposed of. */
  onEvent(listener: (event: DaemonEvent) => void): Disposable
}

export interface CallOptions {
  /** Takes the request back: the daemon is told, and the call rejects at once. */
  readonly signal?: AbortSignal
  /** First a plan, then steps. */
  readonly onProgress?: (progress: Progress) => void
  readonly onLog?: (lines: readonly LogLine[]) => void
}

/** Who asks. */
export interface ClientName {
  readonly name: string
  readonly version: string
}
