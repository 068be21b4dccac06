import type {Clock} from '../base/clock.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'
import {toErrorObject} from '../protocol/errors.js'
import {limits, protocolVersion, type Notification} from '../protocol/messages.js'
import type {InitializeResult, MethodName, ParamsOf, ResultOf} from '../protocol/methods.js'
import type {DaemonEvent, EventGap, Notifications, Progress} from '../protocol/notifications.js'
import type {MessageSocket} from '../transport/message-socket.js'
import {createPeer, type Peer} from '../transport/rpc.js'
import {openCall} from './open-call.js'
import type {CallOptions, Client, ClientName} from './client.js'

export interface OpenOptions {
  readonly address: string
  readonly client: ClientName
  readonly clock: Clock
  readonly signal?: AbortSignal
  /** Bytes that the daemon takes in one message this way. @default 1 MiB */
  readonly largestMessage?: number
}

/** Somebody waits for the answer: sooner than the daemon looks after its clients. */
const pingMs = 3000

/** Opens the conversation over a message socket: sends `initialize` and waits for the answer. Takes the socket over in any case. */
export async function openClient(socket: MessageSocket, options: OpenOptions): Promise<Client> {
  const listeners: Listeners = {event: new Set(), gap: new Set()}
  let hello: InitializeResult | undefined
  const peer = createPeer({
    socket,
    address: options.address,
    clock: options.clock,
    largestMessage: options.largestMessage ?? limits.messageBytes,
    pingMs,
    whenSilent: (ms) => ({
      reason: `${hello ? `process ${hello.daemon.pid}` : 'it'} has said nothing for ${formatDuration(ms)}`,
      hint: 'Run `harness daemon status` to see whether it answers again; services keep running without the daemon.',
    }),
    onRequest: ({method}) => ({error: toErrorObject(new HarnessError('METHOD_UNKNOWN', {subject: method}), method)}),
    onNotification({method, params}) {
      if (method === '$/event') for (const listener of listeners.event) listener(params as unknown as DaemonEvent)
      else if (method === '$/gap') for (const listener of listeners.gap) listener(params as unknown as EventGap)
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

interface Listeners {
  readonly event: Set<(event: DaemonEvent) => void>
  readonly gap: Set<(gap: EventGap) => void>
}

interface Parts {
  readonly peer: Peer
  readonly listeners: Listeners
  readonly hello: InitializeResult
  readonly options: OpenOptions
}

/** How long the daemon has to answer our goodbye. */
const goodbyeMs = 1000

function clientOf({peer, listeners, hello, options}: Parts): Client {
  let leaving = false
  const closed = new Promise<Error | undefined>((resolve) => {
    const over = (): void => {
      listeners.event.clear()
      listeners.gap.clear()
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
    pause() {
      peer.pause()
    },
    resume() {
      peer.resume()
    },
    onEvent: (listener) => addTo(listeners.event, listener),
    onGap: (listener) => addTo(listeners.gap, listener),
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

function addTo<Listener>(all: Set<Listener>, listener: Listener): Disposable {
  all.add(listener)
  return {
    [Symbol.dispose]() {
      all.delete(listener)
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
