import {createServer as createHttpServer, type Server as HttpServer} from 'node:http'
import {createServer as createHttpsServer} from 'node:https'
import type {Clock} from '../base/clock.js'
import {HarnessError} from '../base/errors.js'
import type {Log} from '../base/log.js'
import type {Redactor} from '../base/redactor.js'
import {closeCodes, limits} from '../protocol/messages.js'
import {isLoopback, loopbackHosts} from './admission.js'
import {createBadTokenDelay} from './bad-token-delay.js'
import {createClients, type Clients} from './clients.js'
import type {Connection, Handle} from './connection.js'
import type {ConversationOptions} from './conversation.js'
import {listenTcp, listenUnix, type TcpAddress} from './listen.js'
import {socketLimits} from './socket-limits.js'
import {createPages, type Pages} from './pages.js'
import {createUpgrade, type Listener, type Upgrade} from './upgrade.js'
import {createWaitingRoom, type WaitingRoom} from './waiting-room.js'

export interface ServerOptions {
  /** Lies in a 0700 directory, which is made when it is not there. */
  readonly socketPath: string
  /** `wss://` at this address. Other hosts than loopback need `names`: what clients call this machine, with a port where it is another. */
  readonly tcp?: (TcpAddress & {readonly names?: readonly string[]}) | undefined
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
  /** What clients must show. */
  readonly token: string
  readonly clock: Clock
  readonly log: Log
  /** Masks secrets in what clients are told. */
  readonly redactor?: Pick<Redactor, 'replacer'> | undefined
  /** What a GET of these paths is answered with, to whoever shows the token. */
  readonly pages?: Pages
  /** Hears how each request was answered. */
  readonly onAnswer?: ConversationOptions['onAnswer']
  /** Gives the functions that answer this client. Called once for each connection, before its first request. */
  readonly onConnection: (connection: Connection) => Handle
  /** Hears how many clients there are, after each that comes or goes. */
  readonly onConnectionCount?: (count: number) => void
  /** @default 512, or fewer where this process may not open many files */
  readonly maxConnections?: number
}

/** A listening daemon. Disposing it is `close` with 4003. */
export interface Server extends AsyncDisposable {
  /** `unix:/path`, `wss://127.0.0.1:9443`. */
  readonly listeners: readonly string[]
  readonly socketPath: string
  /** The `wss://` address, when there is one. */
  readonly url: string | undefined
  /** How many clients there are. */
  readonly connections: number
  /** Shows this certificate to the clients that come from now on. Both are PEM. */
  useCertificate(renewed: {readonly certificate: string; readonly key: string}): void
  /** Takes no more clients, says goodbye to those there are, and resolves when all are gone, in at most a second. */
  close(code?: number): Promise<void>
}

/** How long clients have to answer a goodbye. */
const goodbyeMs = 1000

/** Listens at a unix socket and, when asked, at a TLS port, with one upgrade handler for both. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const most = socketLimits()
  const clients = createClients({maxConnections: most.clients, ...options})
  const waitingRoom = createWaitingRoom(options.clock, most.waiting)
  const delayOf = createBadTokenDelay(options.clock)
  const pages = createPages({...options, delayOf})
  const upgrade = createUpgrade({...options, delayOf, waitingRoom, isFull: clients.isFull, onClient: clients.add})
  const servers: HttpServer[] = []
  const stopListening = async (): Promise<void> => {
    waitingRoom[Symbol.dispose]()
    await Promise.all(servers.map(closed))
  }
  try {
    const unix = createHttpServer(httpOptions)
    servers.push(unix)
    receive(unix, {via: 'unix', hosts: () => ['localhost']}, {upgrade, pages, waitingRoom})
    await listenUnix(unix, options.socketPath)
    const tls = options.tcp && (await listenTls(options, options.tcp, {upgrade, pages, waitingRoom, servers}))
    return serverOf({options, clients, stopListening, tls})
  } catch (error) {
    await stopListening()
    throw error
  }
}

interface Reception {
  readonly upgrade: Upgrade
  readonly pages: ReturnType<typeof createPages>
  readonly waitingRoom: WaitingRoom
}

// Node's own limits are a second line: the waiting room ends whoever is too slow.
const httpOptions = {
  headersTimeout: limits.handshakeMs,
  requestTimeout: limits.handshakeMs,
  keepAliveTimeout: 1,
  maxHeaderSize: 16 * 1024,
}

interface TlsListener {
  readonly url: string
  readonly useCertificate: Server['useCertificate']
}

async function listenTls(
  {certificate, key}: ServerOptions,
  tcp: NonNullable<ServerOptions['tcp']>,
  reception: Reception & {readonly servers: HttpServer[]},
): Promise<TlsListener> {
  if (!isLoopback(tcp.host) && tcp.names === undefined) {
    throw new HarnessError('DAEMON_LISTEN_FAILED', {
      subject: `${tcp.host}:${tcp.port}`,
      reason: 'an address that other machines can reach needs the names that they may use for it',
      hint: 'Listen at 127.0.0.1, or give the names.',
    })
  }
  const server = createHttpsServer({
    ...httpOptions,
    ...secureContext({certificate, key}),
    handshakeTimeout: limits.handshakeMs,
  })
  reception.servers.push(server)
  let port = tcp.port
  const own = ['0.0.0.0', '::'].includes(tcp.host) ? [] : [urlHost(tcp.host)]
  const named = [...(tcp.names ?? []), ...own].map((name) => name.toLowerCase())
  const withPort = (name: string): string => (/:\d+$/.test(name) ? name : `${name}:${port}`)
  const hosts = (): readonly string[] => [...loopbackHosts(port), ...named.map(withPort)]
  receive(server, {via: 'tcp', hosts}, reception)
  port = await listenTcp(server, tcp)
  return {
    url: `wss://${urlHost(tcp.host)}:${port}`,
    useCertificate(renewed) {
      server.setSecureContext(secureContext(renewed))
    },
  }
}

/** IPv6 addresses stand in brackets. */
function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** No client certificates are asked for; an empty list keeps Node from building its store of root certificates. */
function secureContext({certificate, key}: {readonly certificate: string; readonly key: string}) {
  return {cert: certificate, key, ca: [], minVersion: 'TLSv1.3' as const}
}

function receive(server: HttpServer, listener: Listener, {upgrade, pages, waitingRoom}: Reception): void {
  server.on('connection', (socket) => {
    waitingRoom.enter(socket)
  })
  server.on('upgrade', (request, socket, head) => {
    upgrade(listener, request, socket, head)
  })
  server.on('request', (request, response) => {
    pages(listener, request, response)
  })
  server.on('clientError', (_error, socket) => {
    socket.destroy()
  })
  server.on('tlsClientError', (_error: Error, socket: {destroy(): void}) => {
    socket.destroy()
  })
}

interface Parts {
  readonly options: ServerOptions
  readonly clients: Clients
  readonly stopListening: () => Promise<void>
  readonly tls: TlsListener | undefined
}

function serverOf({options, clients, stopListening, tls}: Parts): Server {
  const url = tls?.url
  let closing: Promise<void> | undefined
  const close = async (code: number): Promise<void> => {
    for (const socket of clients.sockets) socket.close(code)
    using _impatience = options.clock.after(goodbyeMs, () => {
      for (const socket of clients.sockets) socket.terminate()
    })
    await Promise.all([clients.gone(), stopListening()])
  }
  return {
    listeners: [`unix:${options.socketPath}`, ...(url === undefined ? [] : [url])],
    socketPath: options.socketPath,
    url,
    get connections() {
      return clients.sockets.size
    },
    useCertificate(renewed) {
      tls?.useCertificate(renewed)
    },
    close: (code = closeCodes.shuttingDown) => (closing ??= close(code)),
    [Symbol.asyncDispose]() {
      return this.close()
    },
  }
}

function closed(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
