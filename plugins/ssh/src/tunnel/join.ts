import type {Socket} from 'node:net'

/** One end of a connection. */
export type Stream = Disposable & NodeJS.ReadWriteStream

/** Makes one connection of two: each end is told of the end of the other's output, and an end that breaks breaks the other. */
export function join(socket: Socket, other: Stream): void {
  const end = (): void => {
    socket.destroy()
    other[Symbol.dispose]()
  }
  socket.once('close', end)
  other.once('close', end).once('error', end)
  socket.pipe(other).pipe(socket)
  // Gone while the other one was made: nothing would tell any more.
  if (socket.destroyed) end()
}
