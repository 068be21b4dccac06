import type {Socket} from 'node:net'
import type {Clock} from '../base/clock.js'
import {limits} from '../protocol/messages.js'

/** Sockets that have not shown a right token yet. */
export interface WaitingRoom extends Disposable {
  enter(socket: Socket): void
  /** The socket (or the TLS socket on top of it) is a client now. */
  leave(socket: Socket): void
}

/** Gives each of at most `capacity` sockets 5 s to become a client. When it is full the one that has waited longest goes, so that a new client always gets in. */
export function createWaitingRoom(clock: Clock, capacity: number): WaitingRoom {
  const waiting = new Map<Socket | string, {readonly socket: Socket; readonly timer: Disposable}>()
  const drop = (key: Socket | string): void => {
    waiting.get(key)?.timer[Symbol.dispose]()
    waiting.delete(key)
  }
  return {
    enter(socket) {
      const key = keyOf(socket)
      const [oldest] = waiting.values()
      if (waiting.size >= capacity) oldest?.socket.destroy()
      const timer = clock.after(limits.handshakeMs, () => {
        socket.destroy()
      })
      waiting.set(key, {socket, timer})
      socket.on('error', () => undefined)
      socket.once('close', () => {
        if (waiting.get(key)?.socket === socket) drop(key)
      })
    },
    leave(socket) {
      drop(keyOf(socket))
    },
    [Symbol.dispose]() {
      for (const [key, {socket}] of waiting) {
        drop(key)
        socket.destroy()
      }
    },
  }
}

/** A TLS socket and the TCP socket below it have the same remote address; a unix socket has none and is its own key. */
function keyOf(socket: Socket): Socket | string {
  return socket.remotePort === undefined ? socket : `${socket.remoteAddress ?? ''} ${socket.remotePort}`
}
