import assert from 'node:assert/strict'
import {once} from 'node:events'
import {connect, createServer, type AddressInfo, type Server, type Socket} from 'node:net'
import {describe, it} from 'mocha'
import type {RemoteAddress} from '../../../plugins/ssh/src/host/remote-host.js'
import {join} from '../../../plugins/ssh/src/tunnel/join.js'
import {openForward, type Dialler} from '../../../plugins/ssh/src/tunnel/forward.js'
import {until} from '../../support/harness.js'
import {freePort} from '../../support/free-port.js'

/** Another machine that is this one. */
const near = {
  async dial({host, port}: RemoteAddress, signal: AbortSignal) {
    const socket = connect({host, port, signal, allowHalfOpen: true})
    await once(socket, 'connect')
    return Object.assign(socket, {[Symbol.dispose]: () => void socket.destroy()})
  },
} satisfies Dialler

async function serve(port: number, answer: (socket: Socket) => void): Promise<Server> {
  const server = createServer({allowHalfOpen: true}, answer).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      .once('error', () => {
        resolve(false)
      })
  })

/** What comes first from a port; nothing from one that is not open. */
const hears = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (data?: Buffer): void => {
      socket.destroy()
      resolve(String(data ?? ''))
    }
    socket.once('data', end).once('error', () => {
      end()
    })
  })

/** Hears and says nothing, until the other end has ended. */
const quiet = (socket: Socket): void => {
  socket
    .on('error', () => undefined)
    .on('end', () => socket.end())
    .resume()
}
const never = (error: Error): void => {
  assert.fail(error)
}
const alive = new AbortController().signal
const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))

describe('a port of another machine on this one', () => {
  it('is open once somebody listens there, carries both ways to the end, and is closed when nobody does any more', async () => {
    const [here, port] = [await freePort(), await freePort()]
    await using _forward = openForward(near, {here, there: {host: '127.0.0.1', port}}, {onRefused: never})
    assert.equal(await accepts(here), false)
    const server = await serve(port, (socket) => {
      const heard: Buffer[] = []
      socket
        .on('data', (data: Buffer) => heard.push(data))
        .once('end', () => socket.end(Buffer.concat(heard).reverse()))
    })
    await until(() => accepts(here), 'it is open')
    const socket = connect({port: here, host: '127.0.0.1', allowHalfOpen: true})
    const sent = Buffer.alloc(3_000_000, 'abc')
    socket.end(sent)
    const answer: Buffer[] = []
    for await (const data of socket) answer.push(data as Buffer)
    assert.ok(Buffer.concat(answer).equals(Buffer.from(sent).reverse()))
    await close(server)
    await until(async () => !(await accepts(here)), 'it is closed')
    await close(
      await serve(port, quiet).then(async (again) => {
        await until(() => accepts(here), 'it is open again')
        return again
      }),
    )
  })

  it('says why it cannot be opened here, and is open once it can', async () => {
    const [here, port] = [await freePort(), await freePort()]
    const [holder, server] = [
      await serve(here, quiet),
      await serve(port, (socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('there'),
      ),
    ]
    const refused: Error[] = []
    const said = (error: Error): void => void refused.push(error)
    await using _forward = openForward(near, {here, there: {host: '127.0.0.1', port}}, {onRefused: said})
    await until(() => refused.length > 0, 'it says why')
    assert.match(refused[0]?.message ?? '', /EADDRINUSE/)
    await close(holder)
    await until(async () => (await hears(here)) === 'there', 'it is open')
    await close(server)
  })

  it('opens no connection for one that has gone before', async () => {
    const server = await serve(0, quiet)
    const {port} = server.address() as AddressInfo
    const [gone, other] = [
      await near.dial({host: '127.0.0.1', port}, alive),
      await near.dial({host: '127.0.0.1', port}, alive),
    ]
    const closed = once(other, 'close')
    gone.destroy()
    await once(gone, 'close')
    join(gone, other)
    await closed
    server.close()
  })

  it('lets go of everything when it is no longer wanted', async () => {
    const [here, port] = [await freePort(), await freePort()]
    const server = await serve(port, quiet)
    const forward = openForward(near, {here, there: {host: '127.0.0.1', port}}, {onRefused: never})
    await until(() => accepts(here), 'it is open')
    const socket = connect(here, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    const ended = once(socket, 'close').catch(() => 'reset')
    await forward[Symbol.asyncDispose]()
    await ended
    assert.equal(await accepts(here), false)
    server.close()
  })
})
