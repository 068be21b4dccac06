import {HarnessError} from '../core/base/errors.js'
import type {Client} from '../core/client/client.js'
import type {StackChoiceFlags} from './flags.js'
import {withStack} from './with-stack.js'
import type {Host} from './with-daemon.js'

/** For commands about a service that runs: works with its stack. SERVICE_NOT_RUNNING, without a daemon being started for it, where nothing does. */
export async function withRunningService<T>(
  host: Host,
  {choice, service}: {readonly choice: StackChoiceFlags; readonly service: string},
  work: (client: Client, stack: string) => Promise<T>,
): Promise<T> {
  const end = await withStack(host, choice, work)
  if (end.found) return end.value
  throw new HarnessError('SERVICE_NOT_RUNNING', {subject: service, reason: end.said})
}
