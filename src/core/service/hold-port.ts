import {createSocket} from 'node:dgram'
import {createServer} from 'node:net'
import {systemCode} from '../base/errors.js'
import type {Transport} from '../process/port-holder.js'

/** A port that nobody else gets until this is disposed of. */
export interface HeldPort extends AsyncDisposable {
  readonly port: number
}

/**
 * Holds a given port on all IPv4 addresses. Whoever listens on any of them, or on `[::]` for both families, makes this fail with
 * EADDRINUSE; one on `[::1]` or for IPv6 alone does not, nor is it in the way of a service that listens on 127.0.0.1 or 0.0.0.0.
 */
export function holdPort(port: number, transport: Transport): Promise<HeldPort> {
  return transport === 'tcp' ? listen(port, '0.0.0.0') : bind(port, 'udp4')
}

/** Holds a port on the addresses of both families, whichever the service will take; 0 is any that is free. */
export async function holdOnBoth(port: number, transport: Transport): Promise<HeldPort> {
  try {
    return await (transport === 'tcp' ? listen(port, '::') : bind(port, 'udp6'))
  } catch (error) {
    // The machine has no IPv6.
    if (systemCode(error) === 'EADDRINUSE') throw error
    return holdPort(port, transport)
  }
}

function listen(port: number, host: string): Promise<HeldPort> {
  // Who connects too early is sent away at once: to end, the server waits for all that it let in.
  const server = createServer((socket) => socket.resetAndDestroy())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({port, host, exclusive: true}, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        [Symbol.asyncDispose]: () => ended((done) => server.close(done)),
      })
    })
  })
}

function bind(port: number, type: 'udp4' | 'udp6'): Promise<HeldPort> {
  const socket = createSocket({type})
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind({port, exclusive: true}, () => {
      resolve({
        port: socket.address().port,
        [Symbol.asyncDispose]: () => ended((done) => socket.close(done)),
      })
    })
  })
}

function ended(close: (done: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    close(resolve)
  })
}
