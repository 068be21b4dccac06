import type {Socket} from 'node:net'
import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {HarnessError, isHarnessError} from '../base/errors.js'
import {statePaths} from '../base/state-directory.js'
import {limits} from '../protocol/messages.js'
import type {Client, ClientName} from './client.js'
import {addressOf, daemonUrl} from './daemon-url.js'
import {dial, dialPinned} from './dial.js'
import {readDaemonInfo} from './info-file.js'
import {openClient} from './open-client.js'
import {openWebSocket} from './open-web-socket.js'
import {fromElsewhere} from './other-version.js'
import {savedToken} from './saved-token.js'

export interface ConnectOptions {
  /** Where the daemon's info file and token lie. */
  readonly stateDirectory: string
  /** `wss://host:port` of another daemon than the one of the state directory. Needs `fingerprint`, and mostly `token`. */
  readonly url?: string
  /** What the daemon at `url` must show: `SHA256:…` of its public key, which renewals leave as it is, or fingerprint256 of its certificate. */
  readonly fingerprint?: string
  /** @default the token in the state directory */
  readonly token?: string
  readonly client: ClientName
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/** How long a daemon may take to answer `initialize`, in milliseconds, whatever the number of ways to it. */
const patienceMs = 10_000

/** Connects to a daemon that runs: the one of the state directory, by its unix socket, or the one at `url`. DAEMON_UNREACHABLE otherwise. */
export async function connect(options: ConnectOptions): Promise<Client> {
  const routes = options.url === undefined ? await localRoutes(options) : [await remoteRoute(options, options.url)]
  const until = options.clock.monotonic() + patienceMs
  let unreachable: unknown
  for (const route of routes) {
    try {
      return await take(route, until, options)
    } catch (error) {
      if (!isUnreachable(error, route)) throw options.url === undefined ? error : fromElsewhere(error)
      unreachable ??= error
    }
    if (options.clock.monotonic() >= until) break
  }
  throw unreachable
}

/**
 * A daemon that has taken its info file away is on its way out: it may let go of us while it says hello. One that was killed has left its file,
 * and the port in it may be another daemon's by now.
 */
function isUnreachable(error: unknown, {isGuessed, isRemembered}: Route): boolean {
  if (!isHarnessError(error)) return false
  if (isRemembered && error.code === 'CERTIFICATE_MISMATCH') return true
  return error.code === 'DAEMON_UNREACHABLE' || (isGuessed && error.code === 'CONNECTION_LOST')
}

/** The same, but `undefined` when no daemon answers. */
export async function tryConnect(options: ConnectOptions): Promise<Client | undefined> {
  try {
    return await connect(options)
  } catch (error) {
    if (isHarnessError(error) && error.code === 'DAEMON_UNREACHABLE') return undefined
    throw error
  }
}

/** One way to a daemon. */
interface Route {
  readonly address: string
  /** For the Host header. */
  readonly host: string
  readonly token: string
  /** No info file names it. */
  readonly isGuessed: boolean
  /** The info file alone names it: nobody has asked for this address. */
  readonly isRemembered?: boolean
  /** @default that of `openClient` */
  readonly largestMessage?: number
  readonly dial: (signal: AbortSignal) => Promise<Socket>
}

async function take(route: Route, until: number, options: ConnectOptions): Promise<Client> {
  const {address} = route
  return withDeadline(
    async (signal) => {
      const socket = await route.dial(signal)
      const messages = await openWebSocket(socket, route)
      const {client, clock} = options
      return openClient(messages, {address, client, clock, signal, ...sizeOf(route)})
    },
    {
      clock: options.clock,
      ms: until - options.clock.monotonic(),
      ...(options.signal ? {signal: options.signal} : {}),
      onTimeout: () =>
        new HarnessError('DAEMON_UNREACHABLE', {
          subject: address,
          reason: `it did not answer within ${patienceMs / 1000} s`,
        }),
    },
  )
}

function sizeOf({largestMessage}: Route): Pick<Route, 'largestMessage'> {
  return largestMessage === undefined ? {} : {largestMessage}
}

/**
 * The socket first; the TLS port when somebody has removed the socket of a living daemon. Without an info file the socket is where it
 * always is, so that a daemon can be reached although its file was lost.
 */
async function localRoutes(options: ConnectOptions): Promise<readonly Route[]> {
  const {stateDirectory} = options
  const [info, token] = await Promise.all([readDaemonInfo(stateDirectory), options.token ?? savedToken(stateDirectory)])
  if (token === undefined) {
    throw new HarnessError('DAEMON_UNREACHABLE', {
      subject: stateDirectory,
      reason: 'no daemon has left its token there',
    })
  }
  if (info === undefined) return [unixRoute(statePaths(stateDirectory).socket, token, true)]
  const socket = unixRoute(info.socket, token, false)
  return info.url === null
    ? [socket]
    : [socket, {...tlsRoute(new URL(info.url), info.fingerprint, token), isRemembered: true}]
}

async function remoteRoute(options: ConnectOptions, text: string): Promise<Route> {
  const url = daemonUrl(text)
  const token = options.token ?? (await savedToken(options.stateDirectory))
  if (token === undefined) {
    throw new HarnessError('UNAUTHORIZED', {subject: addressOf(url), reason: 'there is no token to show it'})
  }
  if (options.fingerprint === undefined) {
    throw new HarnessError('CERTIFICATE_MISMATCH', {
      subject: addressOf(url),
      reason: 'no fingerprint is pinned for it',
      hint: "Give the fingerprint that stands in daemon.json of that daemon's state directory.",
    })
  }
  return tlsRoute(url, options.fingerprint, token)
}

function unixRoute(socket: string, token: string, isGuessed: boolean): Route {
  const address = `unix:${socket}`
  const largestMessage = limits.localMessageBytes
  const open = (signal: AbortSignal): Promise<Socket> => dial({path: socket}, address, signal)
  return {address, host: 'localhost', token, isGuessed, largestMessage, dial: open}
}

function tlsRoute(url: URL, fingerprint: string, token: string): Route {
  const host = `${url.hostname}:${url.port || 443}`
  const address = addressOf(url)
  return {address, host, token, isGuessed: false, dial: (signal) => dialPinned(url, fingerprint, signal)}
}
