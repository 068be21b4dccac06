import type {IncomingMessage} from 'node:http'
import type {Socket} from 'node:net'
import {WebSocket} from 'ws'
import {HarnessError, messageOf} from '../base/errors.js'
import {fromWebSocket} from '../transport/web-socket.js'
import type {MessageSocket} from '../transport/message-socket.js'

/** The largest answer that is taken, in bytes. */
const largestAnswer = 64 * 1024 * 1024

/** Turns a connected socket into a message socket. `host` is what the Host header says; the token travels in the Authorization header. */
export function openWebSocket(
  socket: Socket,
  options: {readonly host: string; readonly token: string; readonly address: string},
): Promise<MessageSocket> {
  return new Promise((resolve, reject) => {
    // The socket is there and, where it must be, encrypted: `ws:` only says that no more is to be done about it.
    const webSocket = new WebSocket(`ws://${options.host}/`, {
      createConnection: () => socket,
      headers: {Authorization: `Bearer ${options.token}`},
      perMessageDeflate: false,
      maxPayload: largestAnswer,
      followRedirects: false,
    })
    webSocket.once('open', () => {
      resolve(fromWebSocket(webSocket))
    })
    webSocket.once('unexpected-response', (request, response) => {
      request.destroy()
      reject(refusal(response, options.address))
    })
    webSocket.on('error', (error) => {
      reject(new HarnessError('DAEMON_UNREACHABLE', {subject: options.address, reason: messageOf(error), cause: error}))
    })
  })
}

function refusal({statusCode = 0}: IncomingMessage, address: string): HarnessError {
  if (statusCode === 401)
    return new HarnessError('UNAUTHORIZED', {subject: address, reason: 'the token is not its own'})
  if (statusCode === 403) {
    return new HarnessError('UNAUTHORIZED', {
      subject: address,
      reason: 'it does not know itself by this name',
      hint: 'Use the address that the daemon was started with.',
    })
  }
  if (statusCode === 503)
    return new HarnessError('BUSY', {subject: address, reason: 'it has all the clients it can take'})
  return new HarnessError('DAEMON_UNREACHABLE', {
    subject: address,
    reason: `something else answers there, with HTTP status ${statusCode}`,
  })
}
