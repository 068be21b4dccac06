import {createConnection, type Socket} from 'node:net'
import type {Client, ConnectConfig} from 'ssh2'
import {nameOf} from '../address/name-of.js'
import type {Address} from '../address/resolve-address.js'
import {hostKeyProblem} from '../keys/check-host-key.js'
import {hostKeyOrder} from '../keys/host-key-order.js'
import {knownOf, readKnownHosts} from '../keys/known-hosts.js'
import {isOurs, wordsOf, type Errors} from '../problem.js'
import {authentication, type Authentication} from './authenticate.js'
import type {Connection} from './connection.js'
import {identitiesFor} from './identities.js'
import {Sessions} from './sessions.js'
import {loadSsh2} from './ssh2.js'
import {whyUnreachable} from './why-unreachable.js'

/** What carries the bytes: a socket of this machine, or a connection that a host on the way has made. */
export type Carrier = NodeJS.ReadWriteStream & {destroy(): unknown}

/** What of a key that a host shows. `undefined`: it is taken. */
type CheckKey = (key: Buffer) => Error | undefined

/** A cut link is noticed after four of these: the fourth finds three without an answer. */
const keepaliveMs = 4500
const keepalives = 3

/** Reaches a machine, checks its key, and is let in; or the one error that says why not. */
export async function connectTo(
  errors: Errors,
  address: Address,
  {signal, carrier}: {readonly signal: AbortSignal; readonly carrier?: Carrier},
): Promise<Connection> {
  const {user, system} = address.knownHosts
  const [identities, keys] = await Promise.all([identitiesFor(address), readKnownHosts([...user, ...system])])
  const proof = authentication(address, identities)
  return await handshake(errors, address, {
    signal,
    proof,
    ...(carrier && {carrier}),
    serverHostKey: hostKeyOrder(knownOf(keys, address)),
    check: (shown) => hostKeyProblem(errors, address, keys, shown),
  })
}

/** A socket to it, not through any other. */
async function socketTo(errors: Errors, address: Address, signal: AbortSignal): Promise<Socket> {
  const {host, port, connectTimeoutMs} = address
  const patience = AbortSignal.timeout(connectTimeoutMs)
  const either = AbortSignal.any([signal, patience])
  either.throwIfAborted()
  return await new Promise((resolve, reject) => {
    const socket = createConnection({host, port, keepAlive: true, noDelay: true})
    const fail = (error: Error): void => {
      either.removeEventListener('abort', stop)
      socket.destroy()
      reject(error)
    }
    const stop = (): void => {
      fail(signal.aborted ? (signal.reason as Error) : whyUnreachable(errors, address, patience.reason))
    }
    either.addEventListener('abort', stop, {once: true})
    socket.once('error', (error) => {
      fail(whyUnreachable(errors, address, error))
    })
    socket.once('connect', () => {
      either.removeEventListener('abort', stop)
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

export interface Handshake {
  readonly signal: AbortSignal
  /** @default a socket to it */
  readonly carrier?: Carrier
  readonly check: CheckKey
  readonly serverHostKey: NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']>
  readonly proof?: Authentication
}

/** Speaks SSH over what carries it. Every end of it closes the carrier. */
export async function handshake(errors: Errors, address: Address, options: Handshake): Promise<Connection> {
  const {signal, check, serverHostKey, proof} = options
  const client = new (await loadSsh2()).Client()
  // Opened when the library is there, which hears of all that befalls it.
  const carrier = options.carrier ?? (await socketTo(errors, address, signal))
  const watch = watched(client)
  let refused: Error | undefined
  const stop = (): void => {
    carrier.destroy()
  }
  signal.addEventListener('abort', stop, {once: true})
  try {
    const ready = new Promise<void>((resolve, reject) => {
      client.once('ready', resolve)
      client.on('error', (error: Error) => {
        if (isPassing(error)) proof?.note(wordsOf(error))
        else reject(error)
      })
      watch.onClosed((reason) => {
        reject(new Error(reason))
      })
    })
    client.connect({
      sock: carrier as unknown as NonNullable<ConnectConfig['sock']>,
      username: address.user,
      readyTimeout: address.connectTimeoutMs,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: keepalives,
      algorithms: {serverHostKey},
      hostVerifier: (key: Buffer) => {
        refused = check(key)
        return refused === undefined
      },
      ...(proof && {authHandler: proof.handler}),
    })
    await ready
  } catch (error) {
    carrier.destroy()
    signal.throwIfAborted()
    throw refused ?? problemOf(errors, address, error, proof)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return connectionOf(client, watch)
}

type Watched = Pick<Connection, 'isOpen' | 'onClosed'>

function watched(client: Client): Watched {
  const listeners = new Set<(reason: string) => void>()
  let reason = 'the link was cut'
  let isOpen = true
  client.on('error', (error) => {
    if (!isPassing(error)) reason = wordsOf(error)
  })
  client.once('close', () => {
    isOpen = false
    for (const listener of [...listeners]) listener(reason)
    listeners.clear()
  })
  return {
    get isOpen() {
      return isOpen
    },
    onClosed(listener) {
      // One entry for each who listens, also where two give the same function.
      const entry = (why: string): void => {
        listener(why)
      }
      if (isOpen) listeners.add(entry)
      else entry(reason)
      return {
        [Symbol.dispose]: () => {
          listeners.delete(entry)
        },
      }
    },
  }
}

function connectionOf(client: Client, watch: Watched): Connection {
  client.setNoDelay(true)
  return {
    client,
    sessions: new Sessions(),
    onClosed: (listener) => watch.onClosed(listener),
    get isOpen() {
      return watch.isOpen
    },
    close: () => {
      client.end()
    },
  }
}

interface Level {
  readonly level?: string
}

/** After these the library tries the next key. */
function isPassing(error: unknown): boolean {
  const {level} = error as Level
  return level === 'agent' || (level === 'client-authentication' && /signing/i.test(wordsOf(error)))
}

function problemOf(errors: Errors, address: Address, error: unknown, proof: Authentication | undefined): Error {
  if (isOurs(error)) return error
  const words = wordsOf(error)
  const isRefusal =
    (error as Level).level === 'client-authentication' || /too many authentication failures/i.test(words)
  if (isRefusal && proof) return proof.problem(errors)
  if (/^no matching/i.test(words))
    return errors.error('SSH_REFUSED', {
      subject: nameOf(address),
      reason: `it and harness have no method in common (${words})`,
      hint: 'Update its sshd.',
      cause: error,
    })
  return whyUnreachable(errors, address, error)
}
