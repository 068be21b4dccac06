import {strict as assert} from 'node:assert'
import {mkdir, readFile, rm, unlink, writeFile} from 'node:fs/promises'
import {createServer as createTlsServer} from 'node:tls'
import type {AddressInfo} from 'node:net'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {statePaths} from '../../../src/core/base/state-directory.js'
import {connect, tryConnect, type ConnectOptions} from '../../../src/core/client/connect.js'
import {startTinyDaemon, type TinyDaemon} from '../transport/tiny-daemon.js'

const client = {name: 'test', version: '1.0.0'}
const local = ({directory}: TinyDaemon): ConnectOptions => ({stateDirectory: directory, client, clock: systemClock})

describe('connect', () => {
  it('finds the daemon of a state directory and prefers its unix socket', async () => {
    await using daemon = await startTinyDaemon()
    await using connected = await connect(local(daemon))
    assert.equal(connected.address, `unix:${daemon.server.socketPath}`)
    assert.equal(connected.hello.daemon.epoch, 'epoch-1')
    assert.deepEqual(await connected.call('stack.list', {}), {stacks: []})
    assert.deepEqual(daemon.connections[0]?.client, client)
  })

  it('takes the TLS port when the socket of a living daemon was removed', async () => {
    await using daemon = await startTinyDaemon()
    await unlink(daemon.server.socketPath)
    await using connected = await connect(local(daemon))
    assert.equal(connected.address, daemon.server.url)
    assert.deepEqual(await connected.call('stack.list', {}), {stacks: []})
  })

  it('is not deceived by the file of a killed daemon whose port another one has taken: nobody is there', async () => {
    await using other = await startTinyDaemon()
    const killed = await startTinyDaemon({tcp: undefined})
    const file = statePaths(killed.directory).info
    const info = JSON.parse(await readFile(file, 'utf8')) as object
    await killed.server.close()
    await writeFile(file, JSON.stringify({...info, url: other.server.url}))
    await assert.rejects(connect(local(killed)), {code: 'DAEMON_UNREACHABLE'})
    assert.equal(await tryConnect(local(killed)), undefined)
    await rm(killed.directory, {recursive: true})
  })

  it('reaches another daemon by its address, token and fingerprint', async () => {
    await using daemon = await startTinyDaemon()
    await using connected = await connect({
      stateDirectory: '/nonexistent',
      url: daemon.server.url!,
      token: daemon.identity.token,
      fingerprint: daemon.identity.fingerprint256.toLowerCase(),
      client,
      clock: systemClock,
    })
    assert.equal(connected.address, `wss://127.0.0.1:${daemon.port}`)
  })

  it('sends nothing but the handshake to a server with another certificate', async () => {
    await using daemon = await startTinyDaemon()
    await using other = await startTinyDaemon()
    let bytes = 0
    let connections = 0
    const impostor = createTlsServer({cert: other.identity.certificate, key: other.identity.key, ca: []}, (socket) => {
      socket.on('data', (data: Buffer) => (bytes += data.length))
      socket.on('error', () => undefined)
    })
    impostor.on('connection', () => (connections += 1))
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve))
    const url = `wss://127.0.0.1:${(impostor.address() as AddressInfo).port}`
    for (let attempt = 0; attempt < 7; attempt += 1) {
      await assert.rejects(connect({...local(daemon), url, fingerprint: daemon.identity.fingerprint256}), {
        code: 'CERTIFICATE_MISMATCH',
        subject: url,
      })
    }
    assert.deepEqual({connections, bytes}, {connections: 7, bytes: 0})

    // The same way to look sees a request that does go out.
    const signal = AbortSignal.timeout(200)
    await assert.rejects(connect({...local(daemon), url, fingerprint: other.identity.fingerprint256, signal}))
    assert.ok(bytes > 0)
    await new Promise((resolve) => impostor.close(resolve))
  })

  it('sends large messages to a daemon on this machine, by its socket alone', async () => {
    await using daemon = await startTinyDaemon()
    const {url = ''} = daemon.server
    const start = (bytes: number) =>
      ({stack: 'demo', services: [], env: {LARGE: 'x'.repeat(bytes)}, requestId: 'r'}) as const
    const mib = 1024 * 1024
    await using near = await connect(local(daemon))
    await assert.rejects(near.call('service.start', start(2 * mib)), {code: 'STACK_UNKNOWN'}, 'it has come')
    await assert.rejects(near.call('service.start', start(16 * mib)), {code: 'REQUEST_INVALID', reason: /16777216/})
    await using far = await connect({...local(daemon), url, fingerprint: daemon.identity.fingerprint256})
    await assert.rejects(far.call('service.start', start(mib)), {code: 'REQUEST_INVALID', reason: /1048576/})
    assert.deepEqual(await far.call('stack.list', {}), {stacks: []})
  })

  it('names what is wrong with an address', async () => {
    await using daemon = await startTinyDaemon()
    const {url = ''} = daemon.server
    const fingerprint = daemon.identity.fingerprint256
    await assert.rejects(connect({...local(daemon), url: 'ws://127.0.0.1:1', fingerprint}), {code: 'USAGE'})
    await assert.rejects(connect({...local(daemon), url: `${url}/?token=x`, fingerprint}), {code: 'USAGE'})
    await assert.rejects(connect({...local(daemon), url}), {code: 'CERTIFICATE_MISMATCH'})
    await assert.rejects(connect({...local(daemon), url, fingerprint, token: 'f'.repeat(64)}), {code: 'UNAUTHORIZED'})
  })

  it('says that nobody is there: with DAEMON_UNREACHABLE, or with undefined', async () => {
    const daemon = await startTinyDaemon({tcp: undefined})
    await daemon.server.close()
    await assert.rejects(connect(local(daemon)), {
      code: 'DAEMON_UNREACHABLE',
      subject: `unix:${daemon.server.socketPath}`,
    })
    assert.equal(await tryConnect(local(daemon)), undefined)
    await rm(daemon.directory, {recursive: true})
    await assert.rejects(connect(local(daemon)), {code: 'DAEMON_UNREACHABLE', subject: daemon.directory})
    assert.equal(await tryConnect(local(daemon)), undefined)
  })

  it('reaches a daemon whose info file is missing, damaged, of another kind or a folder', async () => {
    await using daemon = await startTinyDaemon({tcp: undefined})
    const {info} = statePaths(daemon.directory)
    const damages = [
      () => Promise.resolve(),
      () => writeFile(info, '{"pid": 1'),
      () => writeFile(info, '{"pid": 1}'),
      () => mkdir(info),
    ]
    for (const damage of damages) {
      await rm(info, {recursive: true})
      await damage()
      await using connected = await connect(local(daemon))
      assert.equal(connected.address, `unix:${daemon.server.socketPath}`)
      if (damage === damages[0]) await writeFile(info, '')
    }
  })

  it('says in words why a state directory cannot be used', async () => {
    const stateDirectory = '/dev/null/state'
    await assert.rejects(connect({stateDirectory, client, clock: systemClock}), {
      code: 'STATE_UNSAFE',
      reason: 'a part of its path is not a directory',
    })
  })

  it('stops trying when its signal aborts', async () => {
    await using daemon = await startTinyDaemon()
    const reason = new Error('enough')
    await assert.rejects(connect({...local(daemon), signal: AbortSignal.abort(reason)}), reason)
  })
})
