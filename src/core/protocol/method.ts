import type {JsonSchema} from '../base/json.js'
import {boolean, described, environment, optional} from './schema-parts.js'

export interface Method<Params, Result> {
  /** One sentence for docs/protocol.md. */
  readonly summary: string
  /** The protocol version that brought it. */
  readonly since: number
  /** Streams of bytes go to and fro until it is answered. */
  readonly channel?: true
  readonly params: JsonSchema<Params>
  readonly result: JsonSchema<Result>
  /**
   * What a client whose connection is lost must not do by itself: send it again at all, because a second time would do something else; or to another
   * daemon, which knows nothing of the first time.
   * @default 'always'
   */
  readonly repeatable?: 'always' | 'never' | 'sameDaemon'
}

/** Gives a method of the table its types. */
export function method<Params, Result>(definition: Method<Params, Result>): Method<Params, Result> {
  return definition
}

/** A stack's id, its name where that is unique, or the absolute path of its file. */
export interface OfStack {
  readonly stack: string
}
export interface Some extends OfStack {
  /** Empty: all of them. */
  readonly services: readonly string[]
}
export interface Mutation {
  /** Chosen by the client. The same id again is answered with the first call's result. */
  readonly requestId: string
}
export interface Caller {
  /** The caller's environment, for local processes (`inherit_env`); under `secret.NAME` the values of the stack's secrets. */
  readonly env: Readonly<Record<string, string>>
  /** PATH, HOME and the like of the daemon's machine lie under `env`, for callers on another one. @default false */
  readonly login?: boolean
}

/** What a caller gives. */
export const given = () => ({
  env: described(
    "The caller's environment, which local processes inherit; under secret.NAME the values of the stack's secrets",
    environment(),
  ),
  login: optional(
    described("PATH, HOME and the like of the daemon's machine lie under `env`, for callers on another one", boolean()),
  ),
})
