import type {Address} from '../address/resolve-address.js'
import {handshake, type Carrier} from '../connect/connect.js'
import type {Errors} from '../problem.js'
import {hostKeyOrder} from './host-key-order.js'
import {knownOf, readKnownHosts} from './known-hosts.js'

/** Ends the conversation once the key is there: nobody is proven to be anybody. */
class Seen extends Error {}

/** The key that a host shows, of the kind that is known of it if there is one. `through`: makes the connection, where a jump host leads there. */
export async function shownKey(
  errors: Errors,
  address: Address,
  {signal, through}: {readonly signal: AbortSignal; readonly through?: Carrier},
): Promise<Buffer> {
  const {user, system} = address.knownHosts
  const known = knownOf(await readKnownHosts([...user, ...system]), address)
  let shown: Buffer | undefined
  try {
    const connection = await handshake(errors, address, {
      signal,
      ...(through && {carrier: through}),
      serverHostKey: hostKeyOrder(known),
      check: (key) => {
        shown = key
        return new Seen()
      },
    })
    connection.close()
  } catch (error) {
    if (!(error instanceof Seen)) throw error
  }
  if (!shown) throw errors.error('SSH_UNREACHABLE', {subject: address.alias, reason: 'it has shown no key'})
  return shown
}
