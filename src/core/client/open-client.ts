import type {Clock} from '../base/clock.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'
import {toErrorObject} from '../protocol/errors.js'
import {limits, protocolVersion, type Notification} from '../protocol/messages.js'
import type {InitializeResult, MethodName, ParamsOf, ResultOf} from '../protocol/methods.js'
import type {DaemonEvent, Notifications, Progress} from '../protocol/notifications.js'
import type {MessageSocket} from '../transport/message-socket.js'
import {createPeer, type Peer} from '../transport/rpc.js'
import {openCall} from './open-call.js'
import type {CallOptions, Client, ClientName} from './client.js'

export interface OpenOptions {
  readonly address: string
  readonly client: ClientName
  readonly clock: Clock
  readonly signal?: AbortSignal
}

/** Somebody waits for the answer: sooner than the daemon looks after its clients. */
const pingMs = 3000

/** Opens the conversation over a message socket: sends `initialize` and waits for the answer. Takes the socket over in any case. */
export async function openClient(socket: MessageSocket, options: OpenOptions): Promise<Client> {
  const listeners = new Set<(event: DaemonEvent) => void>()
  let hello: InitializeResult | undefined
  const peer = createPeer({
    socket,
    address: options.address,
    clock: options.clock,
    largestMessage: limits.messageBytes,
    pingMs,
    whenSilent: (ms) => ({
      reason: `${hello ? `process ${hello.daemon.pid}` : 'it'} has said nothing for ${formatDuration(ms)}`,
      hint: 'Run `harness daemon status` to see whether it answers again; services keep running without the daemon.',
    }),
    onRequest: ({method}) => ({error: toErrorObject(new HarnessError('METHOD_UNKNOWN', {subject: method}), method)}),
    onNotification({method, params}) {
      if (method !== '$/event') return
      for (const listener of listeners) listener(params as unknown as DaemonEvent)
    },
  })
  try {
    const {signal} = options
    const params = {protocolVersion, client: options.client}
    hello = (await peer.request('initialize', params, signal ? {signal} : {})) as unknown as InitializeResult
    return clientOf({peer, listeners, hello, options})
  } catch (error) {
    peer.terminate()
    throw error
  }
}

interface Parts {
  readonly peer: Peer
  readonly listeners: Set<(event: DaemonEvent) => void>
  readonly hello: InitializeResult
  readonly options: OpenOptions
}

/** How long the daemon has to answer our goodbye. */
const goodbyeMs = 1000

function clientOf({peer, listeners, hello, options}: Parts): Client {
  let leaving = false
  const closed = new Promise<Error | undefined>((resolve) => {
    const over = (): void => {
      listeners.clear()
      resolve(leaving ? undefined : (peer.closed.reason as Error))
    }
    if (peer.closed.aborted) over()
    else peer.closed.addEventListener('abort', over, {once: true})
  })
  return {
    hello,
    address: options.address,
    closed,
    async call<Name extends MethodName>(name: Name, params: ParamsOf<Name>, callOptions: CallOptions = {}) {
      const {signal} = callOptions
      const answer = peer.request(name, params, {...(signal ? {signal} : {}), onNotification: hear(callOptions)})
      return (await answer) as unknown as ResultOf<Name>
    },
    open: (name, params, openOptions) => openCall(peer, name, params, openOptions),
    onEvent(listener) {
      listeners.add(listener)
      return {
        [Symbol.dispose]() {
          listeners.delete(listener)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      leaving = true
      peer.close(1000, '')
      using _impatience = options.clock.after(goodbyeMs, () => {
        peer.terminate()
      })
      await closed
    },
  }
}

function hear({onProgress, onLog}: CallOptions): (notification: Notification) => void {
  return ({method, params}) => {
    if (method === '$/progress') onProgress?.(params as unknown as Progress)
    else if (method === '$/log' && isJsonObject(params)) {
      const {lines, begin} = params as unknown as Notifications['$/log']
      onLog?.(lines, begin)
    }
  }
}
