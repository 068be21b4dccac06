import type {HarnessError} from '../base/errors.js'
import type {StackContext} from '../contract/stack-context.js'
import {endpointUrl} from './ports.js'
import type {SupervisorHost} from './supervisor-host.js'

/** What a task, a setup or an action sees of the stack around it. `failed` makes the error for a service that has no such address. */
export function stackContext(
  host: Pick<SupervisorHost, 'endpointsOf' | 'hostExec' | 'stack'>,
  signal: AbortSignal,
  failed: (reason: string) => HarnessError,
): StackContext {
  return {
    signal,
    directory: host.stack.directory,
    endpointOf(service, name) {
      const endpoint = host.endpointsOf(service)?.find((each) => name === undefined || each.name === name)
      if (!endpoint) throw failed(`service '${service}' has no endpoint${name ? ` '${name}'` : ''}`)
      return endpointUrl(endpoint)
    },
    run: (command) => host.hostExec(command, signal),
  }
}
