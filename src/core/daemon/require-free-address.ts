import {createServer} from 'node:net'
import {isHarnessError} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'
import {listenTcp, type TcpAddress} from '../transport/listen.js'
import {namePortOwner} from './name-port-owner.js'

/**
 * Whether a daemon could listen at an address, asked before another one ends for it: that one, `but` by its pid, may have the port.
 * DAEMON_LISTEN_FAILED otherwise, with who has it.
 */
export async function requireFreeAddress(address: TcpAddress, but: number): Promise<void> {
  // Any other port will do.
  if (!address.exact) return
  const server = createServer()
  try {
    await listenTcp(server, address)
  } catch (error) {
    const named = await namePortOwner(error, address.port)
    if (pidIn(named) !== but) throw named
    return
  }
  await new Promise((resolve) => server.close(resolve))
}

function pidIn(error: unknown): unknown {
  return isHarnessError(error) && isJsonObject(error.details) ? error.details['pid'] : undefined
}
