import type {CommandSpec} from './command.js'
import type {ExecResult} from './workload.js'

/** What a task, a setup and an action all see of the stack around them. */
export interface StackContext {
  /** Aborts when the work is wanted no more; its reason says why. */
  readonly signal: AbortSignal
  /** The folder of the stack file; relative paths start here. */
  readonly directory: string
  /** The address of a running service, e.g. `endpointOf('ipfs', 'api')` is `http://127.0.0.1:5001`. Throws when there is none. */
  endpointOf(service: string, name?: string): string
  /** Runs a command on this host to its end and collects its output. For checks; not seen again after a crash of the daemon. */
  run(command: CommandSpec): Promise<ExecResult>
}
