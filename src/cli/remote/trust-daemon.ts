import {text} from 'node:stream/consumers'
import {systemClock} from '../../core/base/clock.js'
import {HarnessError} from '../../core/base/errors.js'
import {stateDirectory} from '../../core/base/state-directory.js'
import {connect} from '../../core/client/connect.js'
import {addressOf, daemonUrl} from '../../core/client/daemon-url.js'
import {knownKey, pinKey} from '../../core/client/known-daemons.js'
import {noToken, parseToken, readTokenFile, remoteToken, saveToken} from '../../core/client/remote-token.js'
import {shownKey} from '../../core/client/shown-key.js'
import {publicKeyPattern} from '../../core/transport/public-key.js'
import type {Host} from '../with-daemon.js'
import {askForTrust} from './ask-for-trust.js'
import {changedKey, fromAfar} from './remote-errors.js'

export interface TrustWish {
  readonly url: string
  /** What it must show. */
  readonly fingerprint: string | undefined
  /** A file with its token; `-` is standard input. */
  readonly tokenFile: string | undefined
}

/** `harness daemon trust`: accepts the key of a daemon on another machine, and keeps its token. */
export async function trustDaemon(host: Host, wish: TrustWish): Promise<void> {
  const url = daemonUrl(wish.url)
  const address = addressOf(url)
  const given = await givenToken(wish.tokenFile)
  try {
    const publicKey = await acceptKey(host, url, checkFingerprint(wish.fingerprint))
    await useToken(host, {address, publicKey, given})
  } catch (error) {
    throw fromAfar(error, address)
  }
}

/** A key that is expected, by the flag or from earlier, needs no question. */
async function acceptKey({terminal}: Host, url: URL, expected: string | undefined): Promise<string> {
  const address = addressOf(url)
  const directory = stateDirectory()
  const known = expected ?? (await knownKey(directory, address))
  if (known === undefined) return askForTrust(url, terminal)
  const shown = await shownKey(url, systemClock)
  if (shown !== known) throw changedKey(address, known, shown)
  await pinKey(directory, {address, publicKey: shown, clock: systemClock})
  return shown
}

/** It is kept only after the daemon has taken it. */
async function useToken(
  {terminal, version}: Host,
  {
    address,
    publicKey,
    given,
  }: {readonly address: string; readonly publicKey: string; readonly given: string | undefined},
): Promise<void> {
  const directory = stateDirectory()
  const token = given ?? (await remoteToken(directory, address, process.env))
  if (token === undefined) {
    if (terminal.json) terminal.data({daemon: address, publicKey, version: null})
    terminal.out(`The key of ${address} is trusted from now on.`)
    terminal.note(`It wants its token, too. ${noToken(address).hint}`)
    return
  }
  const client = {name: 'harness', version}
  const options = {stateDirectory: directory, url: address, fingerprint: publicKey, token, client, clock: systemClock}
  await using connected = await connect(options)
  if (given !== undefined) await saveToken(directory, address, given)
  const {daemon} = connected.hello
  if (terminal.json) terminal.data({daemon: address, publicKey, version: daemon.version})
  terminal.out(`${address} is trusted from now on (harness ${daemon.version}).`)
}

async function givenToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  if (file === '-') return parseToken(await text(process.stdin), '--token-file -')
  return parseToken(await readTokenFile(file), file)
}

function checkFingerprint(fingerprint: string | undefined): string | undefined {
  if (fingerprint === undefined || publicKeyPattern.test(fingerprint)) return fingerprint
  throw new HarnessError('USAGE', {
    subject: `--fingerprint ${fingerprint}`,
    reason: 'expected SHA256: and 43 characters, as `harness daemon status` shows it on the machine of the daemon',
  })
}
