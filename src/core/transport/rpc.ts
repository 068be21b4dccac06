import {setMaxListeners} from 'node:events'
import {abortReason, type Clock} from '../base/clock.js'
import {HarnessError, type ErrorInfo} from '../base/errors.js'
import {isJsonObject, type Json} from '../base/json.js'
import type {Redactor} from '../base/redactor.js'
import {closeCodes, limits, rpcCodes, type Message, type Notification} from '../protocol/messages.js'
import {parseMessage, refuse, type Parsed} from '../protocol/parse.js'
import {silentAfter, startHeartbeat} from './heartbeat.js'
import {IncomingRequests, type RequestHandler} from './incoming-requests.js'
import type {MessageSocket} from './message-socket.js'
import {PendingRequests, type RequestOptions} from './pending-requests.js'

/** One end of a JSON-RPC conversation. */
export interface Peer {
  /** Rejects with the other end's error, with CONNECTION_LOST, or with the signal's reason. */
  request(method: string, params: unknown, options?: RequestOptions): Promise<Json>
  /** `masked: false` leaves secrets in: what is sent is no text. */
  notify(method: string, params: unknown, options?: {readonly masked: boolean}): void
  /** Bytes that wait for a slow other end. */
  readonly bufferedBytes: number
  /** Resolves once fewer than `below` bytes wait. Rejects when the signal aborts or the connection ends. */
  drained(below: number, signal?: AbortSignal): Promise<void>
  /** Hears nothing from the other end, and does not mind its silence, until `resume`. */
  pause(): void
  resume(): void
  /** Says goodbye once what was sent has left. */
  close(code: number, reason: string): void
  terminate(): void
  /** Aborts when the connection is over, with CONNECTION_LOST as its reason. */
  readonly closed: AbortSignal
}

export interface PeerOptions {
  readonly socket: MessageSocket
  /** For error messages. */
  readonly address: string
  readonly clock: Clock
  readonly onRequest: RequestHandler
  /** Masks secrets in what is sent. */
  readonly redactor?: Pick<Redactor, 'replacer'> | undefined
  /** Bytes that one message to the other end may have. @default no limit */
  readonly largestMessage?: number
  /** Milliseconds between pings. @default 15 s */
  readonly pingMs?: number
  /** The other end read too slowly: the connection ends. */
  readonly onSlow?: () => void
  /** Why the connection was given up when the other end has not answered pings for so long. */
  readonly whenSilent?: (ms: number) => Pick<ErrorInfo, 'hint' | 'reason'>
  /** Notifications that belong to no request of ours. */
  readonly onNotification?: (notification: Notification) => void
}

/** The standard close code for it. */
const messageTooBig = 1009

/** How long a slow consumer has to take its goodbye, in milliseconds. */
const goodbyeMs = 5000

/** Speaks JSON-RPC 2.0 over a message socket, both ways. Checks with pings that the other end is there. */
export function createPeer(options: PeerOptions): Peer {
  const {socket, clock, pingMs = limits.pingMs} = options
  const closed = new AbortController()
  setMaxListeners(0, closed.signal)
  const drainListeners = new Set<() => void>()
  const sender = createSender(options)
  const pending = new PendingRequests()
  const route = createRouter(options, pending, new IncomingRequests(options.onRequest, sender.send))
  let silent = false
  let paused = false
  const heartbeat = startHeartbeat({
    clock,
    pingMs,
    ping: () => {
      if (paused) heartbeat.beat()
      else socket.ping()
    },
    onDead: () => {
      silent = true
      socket.terminate()
    },
  })
  socket.listen({
    onMessage(text) {
      const parsed = text === undefined ? binaryFrame() : parseMessage(text)
      if ('failure' in parsed) sender.send(parsed.failure)
      else route(parsed.message)
    },
    onAlive() {
      heartbeat.beat()
    },
    onDrain() {
      for (const listener of drainListeners) listener()
    },
    onClose(code, reason) {
      heartbeat[Symbol.dispose]()
      sender[Symbol.dispose]()
      const why = silent ? options.whenSilent?.(silentAfter(pingMs)) : lostBecause(code, reason)
      const lost = new HarnessError('CONNECTION_LOST', {subject: options.address, ...why})
      pending.lose(lost)
      closed.abort(lost)
    },
  })
  const pause = (wanted: boolean): void => {
    paused = wanted
    if (wanted) socket.pause()
    else socket.resume()
  }
  return peerOf({socket, send: sender.send, pause, pending, closed: closed.signal, drainListeners})
}

function peerOf(parts: {
  readonly socket: MessageSocket
  readonly send: Send
  readonly pause: (wanted: boolean) => void
  readonly pending: PendingRequests
  readonly closed: AbortSignal
  readonly drainListeners: Set<() => void>
}): Peer {
  const {socket, send, pause, pending, closed, drainListeners} = parts
  return {
    closed,
    get bufferedBytes() {
      return socket.bufferedBytes
    },
    request(method, params, options = {}) {
      const request = {
        subject: method,
        send: (id: number) => {
          options.onSent?.(id)
          send({jsonrpc: '2.0', id, method, params})
        },
        cancel: (id: number) => {
          send({jsonrpc: '2.0', method: '$/cancelRequest', params: {id}})
        },
      }
      return pending.open(request, options)
    },
    notify(method, params, options) {
      send({jsonrpc: '2.0', method, params}, options)
    },
    drained: (below, signal) =>
      until(() => socket.bufferedBytes < below, drainListeners, [closed, ...(signal ? [signal] : [])]),
    pause() {
      pause(true)
    },
    resume() {
      pause(false)
    },
    close(code, reason) {
      pause(false)
      socket.close(code, reason)
    },
    terminate() {
      socket.terminate()
    },
  }
}

/** Throws when the message is too large, or nothing that JSON can hold. */
type Send = (message: object, options?: {readonly masked: boolean}) => void

/** Sends until too much waits for the other end; then says goodbye, and leaves without an answer if need be. */
function createSender({socket, clock, redactor, onSlow, largestMessage = Infinity}: PeerOptions): Disposable & {
  readonly send: Send
} {
  let slow: Disposable | undefined
  let over = false
  return {
    send(message, {masked} = {masked: true}) {
      if (slow || over) return
      const text = JSON.stringify(message, masked ? redactor?.replacer : undefined)
      const size = Buffer.byteLength(text)
      if (size > largestMessage) throw tooLarge(message, size, largestMessage)
      socket.send(text)
      if (socket.bufferedBytes <= limits.bufferedBytes) return
      socket.close(closeCodes.slowConsumer, `more than ${limits.bufferedBytes} bytes wait for this client`)
      onSlow?.()
      slow = clock.after(goodbyeMs, () => {
        socket.terminate()
      })
    },
    [Symbol.dispose]() {
      over = true
      slow?.[Symbol.dispose]()
    },
  }
}

function tooLarge(message: object, size: number, limit: number): HarnessError {
  return new HarnessError('REQUEST_INVALID', {
    subject: 'method' in message ? String(message.method) : 'message',
    reason: `it has ${size} bytes, and a message may have ${limit}`,
    hint: 'Split it, for example a large stack into several.',
  })
}

function createRouter(
  options: PeerOptions,
  pending: PendingRequests,
  incoming: IncomingRequests,
): (message: Message) => void {
  return (message) => {
    if (!('method' in message)) pending.answer(message)
    else if ('id' in message) void incoming.accept(message)
    else if (message.method === '$/cancelRequest') incoming.cancel(message.params)
    else if (!pending.notify(requestOf(message), message)) options.onNotification?.(message)
  }
}

/** The request that a notification belongs to, itself or by its channel. */
function requestOf({params}: Notification): Json | undefined {
  return isJsonObject(params) ? (params['id'] ?? params['channel']) : undefined
}

function binaryFrame(): Parsed {
  return refuse(rpcCodes.invalidRequest, null, 'it is a binary frame, expected a text frame')
}

/** Waits for a condition that is looked at again whenever one of `listeners` is called. */
function until(isTrue: () => boolean, listeners: Set<() => void>, signals: readonly AbortSignal[]): Promise<void> {
  const aborted = signals.find((signal) => signal.aborted)
  if (aborted) return Promise.reject(abortReason(aborted))
  if (isTrue()) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      listeners.delete(look)
      for (const signal of signals) signal.removeEventListener('abort', onAbort)
    }
    const look = (): void => {
      if (!isTrue()) return
      stop()
      resolve()
    }
    const onAbort = (event: Event): void => {
      stop()
      reject(abortReason(event.target as AbortSignal))
    }
    listeners.add(look)
    for (const signal of signals) signal.addEventListener('abort', onAbort)
  })
}

function lostBecause(code: number, reason: string): {readonly reason?: string} {
  if (reason !== '') return {reason}
  if (code === messageTooBig) return {reason: 'a message was too large for the other end'}
  return code === closeCodes.shuttingDown ? {reason: 'the daemon shut down'} : {}
}
