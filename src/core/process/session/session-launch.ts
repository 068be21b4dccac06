import type {ProcessHost} from '../host.js'

/** A command with all that its session needs, paths absolute. */
export interface SessionLaunch {
  readonly host: ProcessHost
  /** Named in errors. */
  readonly service: string
  /** A UUID. */
  readonly session: string
  readonly program: string
  /** As it was asked for, which is what the program sees as its own name. */
  readonly name: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Fed to it before all other input. */
  readonly lead?: string
  /** With the cookie of the session. */
  readonly env: Readonly<Record<string, string>>
}
