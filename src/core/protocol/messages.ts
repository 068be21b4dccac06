import type {Json} from '../base/json.js'

/** Raised when an old client or daemon could misread a message. Additions do not raise it. */
export const protocolVersion = 1

export interface Request {
  readonly jsonrpc: '2.0'
  readonly id: number
  readonly method: string
  readonly params?: Json
}

export interface Notification {
  readonly jsonrpc: '2.0'
  readonly method: string
  readonly params?: Json
}

export interface Success {
  readonly jsonrpc: '2.0'
  readonly id: number
  readonly result: Json
}

export interface Failure {
  readonly jsonrpc: '2.0'
  /** Of the message it answers: `null` when none was readable; a text only when a client wrongly sent one. */
  readonly id: number | string | null
  readonly error: {readonly code: number; readonly message: string; readonly data?: ErrorData}
}

/** Travels in `error.data`, so that a client can rebuild the typed error. */
export interface ErrorData {
  readonly code: string
  readonly subject?: string
  readonly reason?: string
  readonly hint?: string
  readonly details?: Json
}

export type Message = Failure | Notification | Request | Success

/** JSON-RPC's own codes, and ours: everything of harness is `harness` with a code of the error table in `data`. */
export const rpcCodes = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  notInitialized: -32_002,
  cancelled: -32_800,
  harness: -32_000,
} as const

/** WebSocket close codes of harness. Beside them the standard ones: 1002 and 1007 for broken frames, 1009 for one that is too large. */
export const closeCodes = {unauthorized: 4001, version: 4002, shuttingDown: 4003, slowConsumer: 4008} as const

/** What a single message, connection and client may ask of the daemon. */
export const limits = {
  messageBytes: 1024 * 1024,
  localMessageBytes: 16 * 1024 * 1024,
  fragments: 64,
  jsonDepth: 64,
  requestsInFlight: 64,
  handshakeMs: 5000,
  pingMs: 15_000,
  connections: 512,
  windowBytes: 256 * 1024,
  chunkBytes: 48 * 1024,
  bufferedBytes: 16 * 1024 * 1024,
} as const
