import {systemClock, type Clock} from '../base/clock.js'
import type {ErrorCode} from '../base/error-table.js'
import {HarnessError, isErrorCode, isHarnessError} from '../base/errors.js'
import {newId} from '../base/ids.js'
import {isJsonObject, type JsonObject} from '../base/json.js'
import type {Log} from '../base/log.js'
import type {Redactor} from '../base/redactor.js'
import {toErrorObject} from '../protocol/errors.js'
import type {MethodName} from '../protocol/methods.js'
import {closeCodes, limits, protocolVersion, rpcCodes} from '../protocol/messages.js'
import type {CallChannel} from './call-channel.js'
import {CallChannels} from './call-channels.js'
import type {Call, Connection, Handle} from './connection.js'
import type {Answer, IncomingRequest} from './incoming-requests.js'
import type {MessageSocket} from './message-socket.js'
import {createPeer, type Peer} from './rpc.js'
import {hasChannel, isMethodName, validateParams} from './validate-params.js'

export interface ConversationOptions {
  readonly via: Connection['via']
  readonly clock?: Clock
  readonly log: Log
  /** Masks secrets in what this client is told. */
  readonly redactor?: Pick<Redactor, 'replacer'> | undefined
  /** Gives the functions that answer this client. Called once for each connection, before its first request. */
  readonly onConnection: (connection: Connection) => Handle
  /** Hears how each request was answered. `undefined`: a method that there is not; well. */
  readonly onAnswer?: ((method: MethodName | undefined, error: ErrorCode | undefined) => void) | undefined
}

/** The server's side of one connection: `initialize` first, versions equal, methods known, parameters right, then the daemon's handler. */
export function converse(socket: MessageSocket, options: ConversationOptions): Connection {
  const clock = options.clock ?? systemClock
  const state: State = {phase: 'new', client: undefined}
  const peer = createPeer({
    socket,
    address: `client by ${options.via}`,
    clock,
    redactor: options.redactor,
    onSlow: () => {
      options.log.warn('a client reads too slowly, and is sent away', {client: state.client?.name, via: options.via})
    },
    onRequest: async (request) => {
      const answered = await answer(request, {state, connection, peer, handle, channels, log: options.log})
      const {method} = request
      options.onAnswer?.(isMethodName(method) ? method : undefined, errorOf(answered))
      return answered
    },
    onNotification: (notification) => {
      channels.receive(notification)
    },
  })
  const channels = new CallChannels(
    (method, params) => {
      peer.notify(method, params, {masked: false})
    },
    (reason) => {
      peer.close(policyViolation, reason)
    },
  )
  const connection = connectionOf(peer, state, options.via)
  const handle = options.onConnection(connection)
  const patience = clock.after(limits.handshakeMs, () => {
    if (state.phase === 'new') peer.close(policyViolation, `'initialize' was expected within ${limits.handshakeMs} ms`)
  })
  connection.closed.addEventListener('abort', () => {
    patience[Symbol.dispose]()
  })
  return connection
}

/** The standard close code for a client that does not keep to the rules. */
const policyViolation = 1008

interface State {
  phase: 'new' | 'open' | 'opening'
  client: Connection['client']
}

interface Conversation {
  readonly state: State
  readonly connection: Connection
  readonly peer: Peer
  readonly handle: Handle
  readonly channels: CallChannels
  readonly log: Log
}

function errorOf(answer: Answer): ErrorCode | undefined {
  if (!('error' in answer)) return undefined
  const code = answer.error.data?.code
  return isErrorCode(code) ? code : 'INTERNAL'
}

async function answer(request: IncomingRequest, conversation: Conversation): Promise<Answer> {
  const {method} = request
  try {
    if (method === 'initialize') return {result: await initialize(request, conversation)}
    if (conversation.state.phase !== 'open') return notInitialized(method)
    return {result: await dispatch(request, conversation)}
  } catch (error) {
    if (!isHarnessError(error) || error.code === 'INTERNAL') {
      conversation.log.error('a request failed unexpectedly', {method, error: stackOf(error)})
    }
    if (request.signal.aborted && !isHarnessError(error)) return {error: toErrorObject(request.signal.reason, method)}
    return {error: toErrorObject(error, method)}
  }
}

async function initialize(request: IncomingRequest, conversation: Conversation): Promise<unknown> {
  const {state, peer} = conversation
  if (state.phase !== 'new') {
    throw new HarnessError('REQUEST_INVALID', {subject: 'initialize', reason: 'this conversation is already open'})
  }
  const mismatch = versionMismatch(request.params)
  if (mismatch) {
    // After the answer, which is queued first.
    setImmediate(() => {
      peer.close(closeCodes.version, mismatch.reason ?? mismatch.message)
    })
    throw mismatch
  }
  await validateParams('initialize', request.params)
  state.phase = 'opening'
  state.client = request.params['client'] as unknown as Connection['client']
  try {
    const result = await dispatch(request, conversation)
    state.phase = 'open'
    return result
  } finally {
    if (state.phase === 'opening') state.phase = 'new'
  }
}

async function dispatch(request: IncomingRequest, conversation: Conversation): Promise<unknown> {
  const {method, params} = request
  if (!isMethodName(method)) throw new HarnessError('METHOD_UNKNOWN', {subject: method.slice(0, 100)})
  // Input may follow at once.
  using opened = hasChannel(method) ? conversation.channels.add(request.id) : undefined
  if (method !== 'initialize') await validateParams(method, params)
  return await conversation.handle(method, params, callOf(request, conversation, opened?.channel))
}

function callOf(
  {id, signal}: IncomingRequest,
  {connection, peer}: Conversation,
  channel: CallChannel | undefined,
): Call {
  return {
    id,
    connection,
    channel,
    signal,
    progress(payload) {
      peer.notify('$/progress', {id, ...payload})
    },
    notify(method, payload) {
      peer.notify(method, {id, ...payload})
    },
  }
}

function connectionOf(peer: Peer, state: State, via: Connection['via']): Connection {
  return {
    id: newId(),
    via,
    get client() {
      return state.client
    },
    closed: peer.closed,
    notify(method, params) {
      peer.notify(method, params)
    },
    get bufferedBytes() {
      return peer.bufferedBytes
    },
    drained: (below, signal) => peer.drained(below, signal),
    close(code, reason) {
      peer.close(code, reason)
    },
  }
}

function versionMismatch({protocolVersion: theirs, client}: JsonObject): HarnessError | undefined {
  if (typeof theirs !== 'number' || theirs === protocolVersion) return undefined
  const name = isJsonObject(client) && typeof client['name'] === 'string' ? client['name'] : 'client'
  const daemonIsOlder = theirs > protocolVersion
  return new HarnessError('VERSION_MISMATCH', {
    subject: 'harness daemon',
    reason: `the daemon speaks version ${protocolVersion}, ${name.slice(0, 40)} speaks version ${theirs}; upgrade the ${daemonIsOlder ? 'daemon' : 'client'}`,
    hint: daemonIsOlder
      ? 'Run `harness daemon restart`: services keep running.'
      : 'Upgrade this harness to the version of the daemon, or go back to this one with `harness daemon restart`: services keep running.',
    details: {daemon: protocolVersion, client: theirs, upgrade: daemonIsOlder ? 'daemon' : 'client'},
  })
}

function notInitialized(method: string): Answer {
  const error = new HarnessError('REQUEST_INVALID', {
    subject: method,
    reason: "the conversation must begin with 'initialize'",
  })
  return {error: {...toErrorObject(error, method), code: rpcCodes.notInitialized}}
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
