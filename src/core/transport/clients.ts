import type {WebSocket} from 'ws'
import type {Connection} from './connection.js'
import {converse, type ConversationOptions} from './conversation.js'
import {fromWebSocket} from './web-socket.js'

export interface ClientsOptions extends Omit<ConversationOptions, 'via'> {
  /** Hears how many clients there are, after each that comes or goes. */
  readonly onConnectionCount?: (count: number) => void
  readonly maxConnections: number
}

/** Everybody who was let in. */
export interface Clients {
  readonly sockets: ReadonlySet<WebSocket>
  readonly add: (socket: WebSocket, via: Connection['via']) => void
  readonly isFull: () => string | undefined
  /** Resolves when there are none. */
  readonly gone: () => Promise<void>
}

/** Begins a conversation with each client that is added, and counts them. */
export function createClients(options: ClientsOptions): Clients {
  const sockets = new Set<WebSocket>()
  const max = options.maxConnections
  const waiting: (() => void)[] = []
  return {
    sockets,
    isFull: () => (sockets.size >= max ? `there are ${max} clients` : undefined),
    add(socket, via) {
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        options.onConnectionCount?.(sockets.size)
        if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve()
      })
      converse(fromWebSocket(socket), {...options, via})
      options.onConnectionCount?.(sockets.size)
    },
    gone: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
