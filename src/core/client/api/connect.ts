import {systemClock} from '../../base/clock.js'
import {stateDirectory as usualStateDirectory} from '../../base/state-directory.js'
import type {Client, ClientName} from '../client.js'
import {connectIfRunning} from '../connect-if-running.js'
import {connect as connectOnce} from '../connect.js'
import {daemonCommand} from './daemon-command.js'
import {createClient, type HarnessClient} from './create.js'

export interface ConnectOptions {
  /** Where the daemon's info file and token lie. @default `$HARNESS_STATE_DIR`, else `$XDG_STATE_HOME/harness`, else `~/.local/state/harness` */
  readonly stateDirectory?: string
  /** Start a daemon in the background when none runs, also when it has gone later. It ends by itself when nothing is left to do. @default false */
  readonly start?: boolean
  /** `wss://host:port` of another daemon than the one of the state directory. Needs `fingerprint`, and mostly `token`; none is started there. */
  readonly url?: string
  /** fingerprint256 of the certificate that the daemon at `url` must show. */
  readonly fingerprint?: string
  /** @default the token in the state directory */
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
 * CERTIFICATE_MISMATCH and VERSION_MISMATCH when it is not for us.
 */
export async function connect(options: ConnectOptions = {}): Promise<HarnessClient> {
  const {reconnectMs = 30_000, signal} = options
  const dial = dialer(options)
  return createClient(await dial(signal), {dial, clock: systemClock, reconnectMs})
}

function dialer(options: ConnectOptions): (signal: AbortSignal | undefined) => Promise<Client> {
  const {start = false, client = {name: 'program', version: '0'}, url, fingerprint, token} = options
  const stateDirectory = options.stateDirectory ?? usualStateDirectory()
  const where = {
    stateDirectory,
    client,
    clock: systemClock,
    ...(url === undefined ? {} : {url}),
    ...(fingerprint === undefined ? {} : {fingerprint}),
    ...(token === undefined ? {} : {token}),
  }
  return async (signal) => {
    const wish = {...where, ...(signal ? {signal} : {})}
    if (url !== undefined) return connectOnce(wish)
    if (!start) return (await connectIfRunning(wish)) ?? connectOnce(wish)
    const {ensureDaemon} = await import('../ensure-daemon.js')
    return ensureDaemon({...wish, ...daemonCommand(stateDirectory, ['--auto'])})
  }
}
