import {systemClock} from '../../core/base/clock.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import type {Client} from '../../core/client/client.js'
import {connect} from '../../core/client/connect.js'
import {addressOf, daemonUrl} from '../../core/client/daemon-url.js'
import {knownKey} from '../../core/client/known-daemons.js'
import {noToken, remoteToken} from '../../core/client/remote-token.js'
import type {Terminal} from '../terminal.js'
import {fromAfar} from './remote-errors.js'
import {askForTrust} from './ask-for-trust.js'

/** The command that speaks with it. */
interface Caller {
  readonly terminal: Terminal
  readonly version: string
}

/** Opens the conversation with a daemon elsewhere. A person at a terminal is asked whether to trust one that is new; nobody else is. */
export async function openRemote({terminal, version}: Caller, remote: string): Promise<Client> {
  const url = daemonUrl(remote)
  const address = addressOf(url)
  const directory = stateDirectory()
  try {
    const fingerprint = (await knownKey(directory, address)) ?? (await askForTrust(url, terminal))
    const token = await remoteToken(directory, address, process.env)
    if (token === undefined) throw noToken(address)
    const client = {name: 'harness', version}
    return await connect({stateDirectory: directory, url: address, fingerprint, token, client, clock: systemClock})
  } catch (error) {
    throw fromAfar(error, address)
  }
}
