import type {JsonObject} from '../base/json.js'
import type {CallChannel} from './call-channel.js'
import type {MethodName, ParamsOf, ResultOf} from '../protocol/methods.js'
import type {Notifications} from '../protocol/notifications.js'

/** One client of the daemon. */
export interface Connection {
  readonly id: string
  /** The listener it came in by. */
  readonly via: 'memory' | 'tcp' | 'unix'
  /** Who it says it is; known once it has sent `initialize`. */
  readonly client: {readonly name: string; readonly version: string} | undefined
  /** Aborts when the client is gone. Requests go on: it is for whoever sends it things. */
  readonly closed: AbortSignal
  /** Does nothing when the client is gone. */
  notify<Name extends keyof Notifications>(method: Name, params: Notifications[Name]): void
  /** Bytes that wait for this client. */
  readonly bufferedBytes: number
  /** Resolves once fewer than `below` bytes wait. Rejects when the signal aborts or the client is gone. */
  drained(below: number, signal?: AbortSignal): Promise<void>
  close(code: number, reason: string): void
}

/** One request that is being answered. */
export interface Call {
  readonly id: number
  readonly connection: Connection
  /** Aborts, with CANCELLED, when the client takes the request back. A client that leaves does not abort it: see `connection.closed`. */
  readonly signal: AbortSignal
  /** Present for methods with a channel; over when the request is answered. */
  readonly channel: CallChannel | undefined
  /** Sends `$/progress` with this request's id. */
  progress(payload: WithoutId<Notifications['$/progress']>): void
  /** Sends a notification with this request's id. */
  notify<Name extends '$/log' | '$/progress'>(method: Name, payload: WithoutId<Notifications[Name]>): void
}

type WithoutId<Payload> = Payload extends unknown ? Omit<Payload, 'id'> : never

/** Answers the requests of one connection. Parameters are checked before. Also gets `initialize`, once, when the versions fit. */
export type Handle = (method: MethodName, params: JsonObject, call: Call) => unknown

/** One function for each method. */
export type Handlers = {
  readonly [Name in MethodName]: (params: ParamsOf<Name>, call: Call) => Promise<ResultOf<Name>> | ResultOf<Name>
}

/** Makes one handler of a table of functions. */
export function handleWith(handlers: Handlers): Handle {
  return (method, params, call) => (handlers[method] as (params: unknown, call: Call) => unknown)(params, call)
}
