import {createServer, type Server, type Socket} from 'node:net'
import type {RemoteAddress} from '../host/remote-host.js'
import {join, type Stream} from './join.js'

/** What a forward asks of the host: a connection from there to an address that it reaches. */
export interface Dialler {
  dial(address: RemoteAddress, signal: AbortSignal): Promise<Stream>
}

/** From a port of this machine to one of the other. */
export interface ForwardRoute {
  readonly here: number
  readonly there: RemoteAddress
}

export interface ForwardOptions {
  /** Why this machine does not let the port be opened, or the other one forbids it. It is tried again. */
  readonly onRefused: (error: Error) => void
}

const [firstPauseMs, longestPauseMs] = [100, 1000]

/**
 * Listens on the loopback of this machine as long as somebody listens at the other end, and not longer: whoever connects to find out whether a service is ready
 * would take an open port for an answer. Whether anybody listens there is asked by connecting, until it is so, and again once a connection was refused.
 */
export function openForward(host: Dialler, {here, there}: ForwardRoute, {onRefused}: ForwardOptions): AsyncDisposable {
  const closed = new AbortController()
  let listening: Server | undefined
  let pauseMs = firstPauseMs
  let timer: NodeJS.Timeout | undefined
  const open = new Set<Socket>()

  const look = async (): Promise<void> => {
    try {
      const connection = await host.dial(there, closed.signal)
      connection[Symbol.dispose]()
      await listen()
      pauseMs = firstPauseMs
    } catch (error) {
      if (isForbidden(error)) onRefused(error)
      later()
    }
  }
  const later = (): void => {
    if (closed.signal.aborted) return
    timer = setTimeout(() => void look(), pauseMs)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
  const listen = async (): Promise<void> => {
    const server = await listenHere(here, (socket) => void accept(socket)).catch((error: unknown) => {
      onRefused(error instanceof Error ? error : new Error(String(error)))
      throw error
    })
    if (closed.signal.aborted) server.close()
    else listening = server
  }
  const accept = async (socket: Socket): Promise<void> => {
    open.add(socket)
    socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy())
    try {
      join(socket, await host.dial(there, closed.signal))
    } catch {
      socket.resetAndDestroy()
      hideAgain()
    }
  }
  const hideAgain = (): void => {
    if (!listening) return
    listening.close()
    listening = undefined
    later()
  }
  void look()
  return {
    async [Symbol.asyncDispose]() {
      closed.abort()
      clearTimeout(timer)
      for (const socket of open) socket.resetAndDestroy()
      const server = listening
      if (server) await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Waiting for the service is of no use: the machine carries nothing. */
function isForbidden(error: unknown): error is Error {
  return error instanceof Error && /prohibited/i.test(error.message)
}

function listenHere(port: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({allowHalfOpen: true}, accept)
    server.once('error', reject)
    server.listen({port, host: '127.0.0.1', exclusive: true}, () => {
      resolve(server)
    })
  })
}
