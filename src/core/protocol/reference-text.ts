import type {closeCodes, limits, rpcCodes} from './messages.js'
import {protocolVersion} from './messages.js'

/** How to speak with a daemon, in words. */
export const introduction = `# The protocol of the harness daemon

<!-- Made by \`npm run generate\` from src/core/protocol. Do not edit. -->

Version ${protocolVersion}. The same for programs: [protocol.json](protocol.json).

JSON-RPC 2.0 over WebSocket: every message is one text frame with one JSON object. Batches and binary frames are refused.

## How to connect

The daemon writes \`daemon.json\` into its state directory (\`$HARNESS_STATE_DIR\`, else \`$XDG_STATE_HOME/harness\`, else
\`~/.local/state/harness\`): the path of its unix socket, its \`wss://\` address and the fingerprint of its certificate. Beside it lies \`token\`.

- Send the token as \`Authorization: Bearer TOKEN\` with the upgrade request, on both listeners, and nowhere else. The path is \`/\`.
- On the unix socket the Host is \`localhost\`. On \`wss://\` it is the address with its port, TLS is 1.3, and the certificate signs itself:
  compare its SHA-256 fingerprint before you send anything.
- A request with an \`Origin\` (a browser) or a foreign \`Host\` gets 403, a wrong token 401, one client too many 503; none of them a body.

## How to converse

\`\`\`jsonc
→ {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":${protocolVersion},"client":{"name":"mine","version":"1.0.0"}}}
← {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":${protocolVersion},"daemon":{"version":"0.1.0","epoch":"…","pid":4711},"plugins":[]}}
→ {"jsonrpc":"2.0","id":2,"method":"service.start","params":{"stack":"demo","services":["api"],"env":{},"requestId":"…"}}
← {"jsonrpc":"2.0","method":"$/progress","params":{"id":2,"plan":[…]}}
← {"jsonrpc":"2.0","method":"$/progress","params":{"id":2,"step":{"kind":"service","name":"api","state":"Starting",…}}}
← {"jsonrpc":"2.0","id":2,"result":{…}}
\`\`\`

- \`initialize\` comes first, within 5 s, and its answer is awaited: anything else before it is answered with −32002. Versions must be equal;
  otherwise the error VERSION_MISMATCH says which side to upgrade, and the connection is closed with 4002. Additions do not raise the version,
  so ignore what you do not know.
- An \`id\` is a whole number from 0 on, and free again once it is answered. \`params\` is always an object. Answers come in any order.
- Every malformed message is answered with an error, with its \`id\` when one could be read (else \`null\`), and the connection stays open.
  A broken WebSocket frame cannot be answered and closes it: 1002, 1007 (not UTF-8), 1008 (too many fragments) or 1009 (too large).
- \`$/cancelRequest\` takes a request back. A client that leaves cancels nothing: what it asked for goes on.
- Every mutation has a \`requestId\` of the client's choice (a UUID is fine). The same id again gets the first answer again.
- Events have a number \`seq\` that rises by one within an \`epoch\` of the daemon. Subscribe again with both to hear what was missed.
- The daemon pings every 15 s and drops a connection that did not react to two pings.`

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
  messageBytes: 'Bytes of one message to the daemon. More closes the connection with 1009.',
  fragments: 'Frames that one message may be cut into. More closes the connection with 1008.',
  jsonDepth: 'Levels of nesting in a message.',
  requestsInFlight: 'Requests of one client without an answer yet. The next one is answered with BUSY.',
  handshakeMs: 'Milliseconds for the upgrade, and again for `initialize`.',
  pingMs: 'Milliseconds between pings.',
  connections: 'Clients at once.',
  bufferedBytes: 'Bytes that may wait for one client. More closes its connection with 4008.',
}
