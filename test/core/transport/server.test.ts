import {strict as assert} from 'node:assert'
import {lstat, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {connect as connectPlain, createServer, type AddressInfo, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {connect as connectTls} from 'node:tls'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {silentLog} from '../../../src/core/base/log.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {closeCodes, limits} from '../../../src/core/protocol/messages.js'
import {startServer} from '../../../src/core/transport/server.js'
import {createFakeClock} from './fake-clock.js'
import {ask, openSocket, upgradeRequest} from './raw-upgrade.js'
import {openRaw} from './raw-client.js'
import {startTinyDaemon, tinyHandler, type TinyDaemon} from './tiny-daemon.js'
import {until} from './until.js'

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777

describe('startServer', () => {
  it('listens at a 0600 socket in a 0700 directory, whatever the umask', async () => {
    const umask = process.umask(0)
    try {
      await using daemon = await startTinyDaemon()
      const paths = statePaths(daemon.directory)
      assert.equal(await modeOf(daemon.directory), 0o700)
      for (const file of [paths.socket, paths.token, paths.certificate, paths.key, paths.info]) {
        assert.equal(await modeOf(file), 0o600, file)
      }
      assert.deepEqual(daemon.server.listeners, [`unix:${paths.socket}`, `wss://127.0.0.1:${daemon.port}`])
    } finally {
      process.umask(umask)
    }
  })

  it('refuses a socket path of more than 107 bytes before it listens', async () => {
    await using daemon = await startTinyDaemon()
    const socketPath = path.join(daemon.directory, 'é'.repeat(50), 'daemon.sock')
    await assert.rejects(start(daemon, {socketPath}), {code: 'DAEMON_LISTEN_FAILED', subject: socketPath})
    await assert.rejects(lstat(path.dirname(socketPath)), {code: 'ENOENT'})
  })

  it('replaces the socket of a dead daemon, but nothing that is no socket', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'harness-wire-'))
    await using daemon = await startTinyDaemon({tcp: undefined})
    const dead = path.join(directory, 'daemon.sock')
    const listener = createServer()
    await new Promise<void>((resolve) => listener.listen(dead, resolve))
    const server = await start(daemon, {socketPath: dead})
    await server.close()
    listener.close()
    await writeFile(dead, 'precious')
    await assert.rejects(start(daemon, {socketPath: dead}), {code: 'DAEMON_LISTEN_FAILED'})
    await rm(directory, {recursive: true})
  })

  it('names an exact port that is busy, and moves on from an automatic one', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const {port} = holder.address() as AddressInfo
    await assert.rejects(startTinyDaemon({tcp: {host: '127.0.0.1', port, exact: true}}), {
      code: 'DAEMON_LISTEN_FAILED',
      subject: `127.0.0.1:${port}`,
    })
    await using daemon = await startTinyDaemon({tcp: {host: '127.0.0.1', port, exact: false}})
    assert.notEqual(daemon.port, port)
    holder.close()
  })

  it('listens for other machines only under names that were given', async () => {
    await assert.rejects(startTinyDaemon({tcp: {host: '0.0.0.0', port: 0, exact: true}}), {
      code: 'DAEMON_LISTEN_FAILED',
    })
    await using daemon = await startTinyDaemon({tcp: {host: '0.0.0.0', port: 0, exact: true, names: ['build.example']}})
    const named = await ask(daemon, 'tcp', upgradeRequest(daemon, 'tcp', {Host: `build.example:${daemon.port}`}))
    assert.equal(named.status, 101)
  })

  it('speaks TLS 1.3 and nothing older', async () => {
    await using daemon = await startTinyDaemon()
    const attempt = (maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectTls({port: daemon.port, ca: [daemon.identity.certificate], maxVersion}, () => {
          resolve(socket.getProtocol() ?? '')
          socket.destroy()
        })
        socket.once('error', reject)
      })
    assert.equal(await attempt('TLSv1.3'), 'TLSv1.3')
    await assert.rejects(attempt('TLSv1.2'))
  })

  it('counts its clients aloud, and takes no more than it may', async () => {
    const counts: number[] = []
    await using daemon = await startTinyDaemon({maxConnections: 2, onConnectionCount: (count) => counts.push(count)})
    const first = await openRaw(daemon)
    await using second = await openRaw(daemon)
    assert.equal((await ask(daemon, 'unix', upgradeRequest(daemon, 'unix'))).status, 503)
    await first[Symbol.asyncDispose]()
    await until(() => daemon.server.connections === 1)
    await using third = await openRaw(daemon)
    assert.deepEqual(counts, [1, 2, 1, 2])
    assert.notEqual(second.socket, third.socket)
  })

  it('says goodbye with 4003, and leaves neither socket nor connection behind', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    const idle = await openSocket(daemon, 'tcp')
    const idleGone = new Promise((resolve) => idle.once('close', resolve))
    await Promise.all([daemon.server.close(), daemon.server.close()])
    assert.equal((await client.closed).code, closeCodes.shuttingDown)
    await idleGone
    await assert.rejects(lstat(daemon.server.socketPath), {code: 'ENOENT'})
    assert.equal(daemon.server.connections, 0)
  })

  it('ends connections that never become clients, and lets new ones in meanwhile', async () => {
    const clock = createFakeClock()
    await using daemon = await startTinyDaemon({clock})
    const idle: Socket[] = []
    let gone = 0
    const open = (socket: Socket): void => {
      socket.on('close', () => (gone += 1)).on('error', () => undefined)
      idle.push(socket)
    }
    for (let count = 0; count < 30; count += 1) {
      open(connectPlain(daemon.server.socketPath))
      open(connectPlain(daemon.port, '127.0.0.1'))
    }
    open(await openSocket(daemon, 'tcp'))
    const half = await openSocket(daemon, 'unix')
    half.write('GET / HTTP/1.1\r\nHost: loc')
    open(half)
    await using client = await openRaw(daemon)
    await client.initialize()
    clock.advance(limits.handshakeMs)
    await until(() => gone === idle.length)
    assert.ok((await client.request(2, 'stack.list')).result)
  })
})

function start(daemon: TinyDaemon, options: {readonly socketPath: string}): ReturnType<typeof startServer> {
  return startServer({
    ...daemon.identity,
    clock: systemClock,
    log: silentLog,
    onConnection: () => tinyHandler(),
    ...options,
  })
}
