import {systemClock} from '../../base/clock.js'
import {HarnessError} from '../../base/errors.js'
import {stateDirectory as usualStateDirectory} from '../../base/state-directory.js'
import type {Client, ClientName} from '../client.js'
import {connectIfRunning} from '../connect-if-running.js'
import {connect as connectOnce} from '../connect.js'
import {addressOf, daemonUrl} from '../daemon-url.js'
import {knownKey} from '../known-daemons.js'
import {noToken, remoteToken} from '../remote-token.js'
import {daemonCommand} from './daemon-command.js'
import {createClient, type HarnessClient} from './create.js'

export interface ConnectOptions {
  /** Where the daemon's info file and token lie. @default `$HARNESS_STATE_DIR`, else `$XDG_STATE_HOME/harness`, else `~/.local/state/harness` */
  readonly stateDirectory?: string
  /** Start a daemon in the background when none runs, also when it has gone later. It ends by itself when nothing is left to do. @default false */
  readonly start?: boolean
  /** `wss://host:port` of a daemon elsewhere instead of the one of the state directory. None is started there. */
  readonly url?: string
  /**
   * What the daemon at `url` must show: `SHA256:…` of its public key, which `harness daemon status` shows there and which renewals leave as
   * it is, or the fingerprint256 of its certificate. @default the key that `harness daemon trust` has remembered
   */
  readonly fingerprint?: string
  /** What shows the daemon that we may. @default the token in the state directory; with `url` the one that belongs to it: of HARNESS_TOKEN_FILE, or remembered */
  readonly token?: string
  /** Who asks, for the daemon's log. @default `{name: 'program', version: '0'}` */
  readonly client?: ClientName
  /** How long a daemon that was there may be away before requests and iterations fail, in milliseconds. @default 30 s */
  readonly reconnectMs?: number
  /** Gives up connecting, with its reason. Afterwards it has no effect. */
  readonly signal?: AbortSignal
}

/**
 * Connects to a daemon. Without one DAEMON_UNREACHABLE, unless `start` is set; one that is on its way up is waited for. UNAUTHORIZED,
 * DAEMON_UNTRUSTED, CERTIFICATE_MISMATCH and VERSION_MISMATCH when it is not for us.
 */
export function connect(options: ConnectOptions = {}): Promise<HarnessClient> {
  return connectWithout(new Set(), options)
}

/** The same; a daemon that is started does not get the variables of this process that are `withheld`. */
export async function connectWithout(withheld: ReadonlySet<string>, options: ConnectOptions): Promise<HarnessClient> {
  const {reconnectMs = 30_000, signal} = options
  const dial = dialer(options, withheld)
  return createClient(await dial(signal), {dial, clock: systemClock, reconnectMs})
}

function dialer(
  options: ConnectOptions,
  withheld: ReadonlySet<string>,
): (signal: AbortSignal | undefined) => Promise<Client> {
  const {start = false, client = {name: 'program', version: '0'}, url, token} = options
  const stateDirectory = options.stateDirectory ?? usualStateDirectory()
  const common = {stateDirectory, client, clock: systemClock}
  return async (signal) => {
    const wish = {...common, ...(signal ? {signal} : {})}
    if (url !== undefined) return connectOnce({...wish, ...(await elsewhere(stateDirectory, url, options))})
    const local = {...wish, ...(token === undefined ? {} : {token})}
    if (!start) return (await connectIfRunning(local)) ?? connectOnce(local)
    const {ensureDaemon} = await import('../ensure-daemon.js')
    return ensureDaemon({...wish, ...daemonCommand(stateDirectory, ['--auto'], withheld)})
  }
}

/** A daemon elsewhere gets its own token, and only when it has proved that it is the one that somebody trusts. */
async function elsewhere(
  stateDirectory: string,
  url: string,
  {fingerprint, token}: ConnectOptions,
): Promise<{readonly url: string; readonly fingerprint: string; readonly token: string}> {
  const address = addressOf(daemonUrl(url))
  const key = fingerprint ?? (await knownKey(stateDirectory, address))
  if (key === undefined) {
    throw new HarnessError('DAEMON_UNTRUSTED', {
      subject: address,
      reason: "no 'fingerprint' was given, and none is remembered",
      hint: `Run \`harness daemon trust ${address}\`, or give the public key that \`harness daemon status\` shows on its machine.`,
    })
  }
  const shown = token ?? (await remoteToken(stateDirectory, address, process.env))
  if (shown === undefined) throw noToken(address)
  return {url: address, fingerprint: key, token: shown}
}
