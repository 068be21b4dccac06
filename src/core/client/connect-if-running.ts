import type {Client} from './client.js'
import {tryConnect, type ConnectOptions} from './connect.js'
import {silentOwner, unanswered} from './silent-owner.js'

/** Longer than plugins that do not come to an end can hold a daemon up, see `collectPlugins`. */
const patienceMs = 25_000
const pollMs = 50

/** Connects to the daemon of the state directory; `undefined` when none runs. One that starts is waited for; one that stays silent is DAEMON_UNREACHABLE. */
export async function connectIfRunning(options: ConnectOptions): Promise<Client | undefined> {
  const {clock} = options
  const began = clock.monotonic()
  for (;;) {
    const client = await tryConnect(options)
    if (client) return client
    const owner = await silentOwner(options, began)
    if (owner === undefined) return undefined
    if (clock.monotonic() - began > patienceMs) throw await unanswered(options.stateDirectory, owner)
    await clock.sleep(pollMs, options.signal)
  }
}
