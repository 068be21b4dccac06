import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import {WebSocketServer, type WebSocket} from 'ws'
import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import {limits} from '../protocol/messages.js'
import {refusalOf, type Refusal} from './admission.js'
import type {Connection} from './connection.js'
import type {WaitingRoom} from './waiting-room.js'

export interface UpgradeOptions {
  readonly token: string
  readonly clock: Clock
  readonly log: Log
  readonly waitingRoom: WaitingRoom
  /** How long the refusal of a bad token is held back. */
  readonly delayOf: (peer: string) => number
  /** Asked before a client is let in; a reason refuses it. */
  readonly isFull: () => string | undefined
  readonly onClient: (socket: WebSocket, via: Connection['via']) => void
}

/** One listener, as far as the upgrade handler must know it. */
export interface Listener {
  readonly via: Exclude<Connection['via'], 'memory'>
  readonly hosts: () => readonly string[]
}

export type Upgrade = (listener: Listener, request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** The one upgrade handler of all listeners. A client that may not come in gets a status and not one byte more. */
export function createUpgrade(options: UpgradeOptions): Upgrade {
  const {delayOf} = options
  const webSockets = {
    tcp: createWebSockets(limits.messageBytes),
    unix: createWebSockets(limits.localMessageBytes),
  }
  return (listener, request, socket, head) => {
    socket.on('error', () => undefined)
    const refusal = refusalOf(request, {token: options.token, hosts: listener.hosts()}) ?? full(options.isFull())
    if (refusal) {
      options.log.warn('refused a client', {via: listener.via, status: refusal.status, reason: refusal.reason})
      const delay = refusal.status === 401 ? delayOf(request.socket.remoteAddress ?? listener.via) : 0
      if (delay === 0) answer(socket, refusal)
      else {
        options.clock.after(delay, () => {
          answer(socket, refusal)
        })
      }
      return
    }
    webSockets[listener.via].handleUpgrade(request, socket, head, (client) => {
      options.waitingRoom.leave(request.socket)
      options.onClient(client, listener.via)
    })
  }
}

function createWebSockets(maxPayload: number): WebSocketServer {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload,
    maxFragments: limits.fragments,
    maxBufferedChunks: 16 * 1024,
    perMessageDeflate: false,
  })
  webSockets.on('wsClientError', (_error, socket) => {
    answer(socket, {status: 400, reason: 'its WebSocket headers are wrong'})
  })
  return webSockets
}

function full(reason: string | undefined): Refusal | undefined {
  return reason === undefined ? undefined : {status: 503, reason}
}

const statusTexts: Readonly<Record<Refusal['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
}

function answer(socket: Duplex, {status}: Refusal): void {
  if (socket.destroyed) return
  const challenge = status === 401 ? 'WWW-Authenticate: Bearer\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${statusTexts[status]}\r\n${challenge}Connection: close\r\nContent-Length: 0\r\n\r\n`,
    () => socket.destroy(),
  )
}
