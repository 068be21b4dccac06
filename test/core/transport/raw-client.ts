import {connect} from 'node:net'
import {WebSocket} from 'ws'
import {protocolVersion} from '../../../src/core/protocol/messages.js'
import type {Target} from './raw-upgrade.js'

export interface RawMessage {
  readonly id?: number | string | null
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data?: {readonly code: string; readonly details?: unknown}
  }
}

/** A client that sends what it likes, by the unix socket. */
export interface RawClient extends AsyncDisposable {
  readonly socket: WebSocket
  readonly closed: Promise<{readonly code: number; readonly reason: string}>
  send(frame: Buffer | string): void
  /** Past the WebSocket library. */
  writeBytes(bytes: Buffer): void
  next(): Promise<RawMessage>
  request(id: number, method: string, params?: object): Promise<RawMessage>
  initialize(version?: number): Promise<RawMessage>
}

export async function openRaw(daemon: Target, options: {readonly autoPong?: boolean} = {}): Promise<RawClient> {
  const plain = connect(daemon.server.socketPath)
  const socket = new WebSocket('ws://localhost/', {
    createConnection: () => plain,
    headers: {Authorization: `Bearer ${daemon.identity.token}`},
    perMessageDeflate: false,
    ...options,
  })
  socket.on('error', () => undefined)
  const arrived: RawMessage[] = []
  const waiting: ((message: RawMessage) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as RawMessage
    const waiter = waiting.shift()
    if (waiter) waiter(message)
    else arrived.push(message)
  })
  const closed = new Promise<{code: number; reason: string}>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({code, reason: reason.toString()})
    })
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const client: RawClient = {
    socket,
    closed,
    send(frame) {
      socket.send(frame)
    },
    writeBytes(bytes) {
      plain.write(bytes)
    },
    next() {
      const message = arrived.shift()
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve))
    },
    async request(id, method, params = {}) {
      socket.send(JSON.stringify({jsonrpc: '2.0', id, method, params}))
      return client.next()
    },
    initialize: (version = protocolVersion) =>
      client.request(1, 'initialize', {protocolVersion: version, client: {name: 'raw', version: '1.0.0'}}),
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await closed
    },
  }
  return client
}
