import {systemClock} from '../../core/base/clock.js'
import {HarnessError} from '../../core/base/errors.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import {addressOf} from '../../core/client/daemon-url.js'
import {pinKey} from '../../core/client/known-daemons.js'
import {shownKey} from '../../core/client/shown-key.js'
import {askYesNo} from '../ask.js'
import type {Terminal} from '../terminal.js'
import {untrusted} from './remote-errors.js'

/** Asks whether the key that the daemon shows is its own, and remembers a yes. Answers the key. DAEMON_UNTRUSTED otherwise, and without a terminal. */
export async function askForTrust(url: URL, terminal: Terminal): Promise<string> {
  const address = addressOf(url)
  const publicKey = await shownKey(url, systemClock)
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw untrusted(address, publicKey)
  terminal.warn(`The daemon at ${address} is new to this machine. Its public key is`)
  terminal.warn(`  ${terminal.errorStyle.bold(publicKey)}`)
  terminal.warn('The same must stand in what `harness daemon status` shows on its machine.')
  const answer = await askYesNo('Does it, and is this daemon to be trusted from now on?')
  if (answer === 'interrupted') throw new HarnessError('CANCELLED', {subject: `trust in ${address}`})
  if (answer === 'no') throw untrusted(address, publicKey)
  await pinKey(stateDirectory(), {address, publicKey, clock: systemClock})
  return publicKey
}
