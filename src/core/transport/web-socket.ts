import type {RawData, WebSocket} from 'ws'
import {abnormalClosure, type MessageSocket, type MessageSocketEvents} from './message-socket.js'

/** A WebSocket (of either side) as a message socket. */
export function fromWebSocket(socket: WebSocket): MessageSocket {
  let buffered = 0
  let events: MessageSocketEvents | undefined
  return {
    get bufferedBytes() {
      return buffered
    },
    send(text) {
      if (socket.readyState !== socket.OPEN) return
      const size = Buffer.byteLength(text)
      buffered += size
      socket.send(text, () => {
        buffered -= size
        events?.onDrain()
      })
    },
    ping() {
      if (socket.readyState === socket.OPEN) socket.ping()
    },
    close(code, reason) {
      // A reason may be at most 123 bytes long.
      socket.close(
        code,
        Buffer.from(reason)
          .subarray(0, 120)
          .toString()
          .replace(/\uFFFD$/, ''),
      )
    },
    pause() {
      socket.pause()
    },
    resume() {
      socket.resume()
    },
    terminate() {
      socket.terminate()
    },
    listen(listeners) {
      events = listeners
      socket.on('message', (data: RawData, isBinary: boolean) => {
        listeners.onAlive()
        listeners.onMessage(isBinary ? undefined : textOf(data))
      })
      socket.on('pong', () => {
        listeners.onAlive()
      })
      socket.on('ping', () => {
        listeners.onAlive()
      })
      // What is wrong stands in the close code that follows.
      socket.on('error', () => undefined)
      socket.on('close', (code: number, reason: Buffer) => {
        listeners.onClose(code || abnormalClosure, reason.toString())
      })
    },
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
