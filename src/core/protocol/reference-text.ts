import type {closeCodes, limits, rpcCodes} from './messages.js'

export const meaningOfRpcCode: Readonly<Record<keyof typeof rpcCodes, string>> = {
  parseError: 'The frame is not JSON.',
  invalidRequest: 'The frame is JSON, but no message: a batch, no object, a bad `id`, too deep.',
  methodNotFound: 'There is no such method (METHOD_UNKNOWN).',
  invalidParams:
    'The params do not fit the method (REQUEST_INVALID); `details.problems` has each with its JSON pointer.',
  internalError: 'A bug of the daemon (INTERNAL).',
  notInitialized: '`initialize` was not answered yet.',
  cancelled: 'The client took the request back (CANCELLED).',
  harness: 'Everything else, told apart by `data.code`.',
}

export const meaningOfCloseCode: Readonly<Record<keyof typeof closeCodes, string>> = {
  unauthorized: 'The client may not be here any more. (A wrong token never gets a connection.)',
  version: 'The protocol versions differ.',
  shuttingDown: 'The daemon shuts down. Services go on unless it was told to stop them.',
  slowConsumer: 'The client read too slowly and too much waited for it.',
}

export const meaningOfLimit: Readonly<Record<keyof typeof limits, string>> = {
  messageBytes: 'Bytes of one message to the daemon, over `wss://`. More closes the connection with 1009.',
  localMessageBytes: 'The same, over the unix socket: a stack of thousands of services is one message.',
  fragments: 'Frames that one message may be cut into. More closes the connection with 1008.',
  jsonDepth: 'Levels of nesting in a message.',
  requestsInFlight: 'Requests of one client without an answer yet. The next one is answered with BUSY.',
  handshakeMs: 'Milliseconds for the upgrade, and again for `initialize`.',
  pingMs: 'Milliseconds between pings.',
  connections: 'Clients at once.',
  windowBytes: 'Bytes of a channel that may be on their way, each way, and not be taken yet.',
  chunkBytes: 'Bytes of a channel in one message, at most, as the daemon sends them.',
  bufferedBytes: 'Bytes that may wait for one client. More closes its connection with 4008.',
}
