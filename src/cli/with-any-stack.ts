import type {Client} from '../core/client/client.js'
import type {StackChoiceFlags} from './flags.js'
import {openStack} from './open-stack.js'
import {readStackIfAny} from './read-stack.js'
import {withDaemon, type Host} from './with-daemon.js'
import {withStack} from './with-stack.js'

/** Works with the stack that the flags choose; one that nobody has started is made known from its file first. */
export async function withAnyStack<T>(
  host: Host,
  choice: StackChoiceFlags,
  work: (client: Client, stack: string) => Promise<T>,
): Promise<T> {
  const end = await withStack(host, choice, work)
  if (end.found) return end.value
  const {terminal} = host
  const loaded = await readStackIfAny(choice, terminal)
  return withDaemon(
    host,
    async (client) => {
      const {stack} = await openStack(client, loaded, {choice, terminal})
      return work(client, stack)
    },
    loaded,
  )
}
