import {systemClock} from '../core/base/clock.js'
import {HarnessError} from '../core/base/errors.js'
import {stateDirectory} from '../core/base/state-directory.js'
import {createClient} from '../core/client/api/create.js'
import type {ClientWish, LentClient, StackFlags} from '../core/client/api/lent-client.js'
import type {Client} from '../core/client/client.js'
import {secretVariables} from '../core/config/variables.js'
import {definitions} from '../core/protocol/definitions.js'
import {methods} from '../core/protocol/methods.js'
import {callerValues} from './caller-values.js'
import {openStack} from './open-stack.js'
import {readStackIfAny} from './read-stack.js'
import {withAnyStack} from './with-any-stack.js'
import {openDaemon, openRunning, withDaemon, type Host} from './with-daemon.js'

/** How long a daemon that was there may be away, in milliseconds. */
const reconnectMs = 30_000

/** What the hook `harness:client` answers a command of a plugin: the same ways to the daemon and to stacks that the commands of harness take. */
export async function lendClient(host: Host, {about, start = true}: ClientWish): Promise<LentClient> {
  const loaded = about && (await readStackIfAny(about, host.terminal))
  const withheld = secretVariables(loaded?.definition ?? {})
  const dial = (signal?: AbortSignal): Promise<Client> =>
    start ? openDaemon(host, {withheld, ...(signal && {signal})}) : mustRun(host, signal)
  const client = createClient(await dial(), {dial, clock: systemClock, reconnectMs})
  return {
    client,
    protocol: {methods, $defs: definitions},
    findStack: (flags) => withAnyStack(host, flags, (_client, stack) => Promise.resolve(stack)),
    openStack: (flags) => open(host, flags),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function mustRun(host: Host, signal: AbortSignal | undefined): Promise<Client> {
  const client = await openRunning(host, signal)
  if (client) return client
  throw new HarnessError('DAEMON_UNREACHABLE', {subject: stateDirectory(), reason: 'none runs'})
}

async function open(host: Host, choice: StackFlags): ReturnType<LentClient['openStack']> {
  const {terminal} = host
  const read = await readStackIfAny(choice, terminal)
  return withDaemon(
    host,
    async (client) => {
      const {stack, loaded} = await openStack(client, read, {choice, terminal})
      return {stack, caller: await callerValues(loaded, host), ...(loaded && {definition: loaded.definition})}
    },
    read,
  )
}
