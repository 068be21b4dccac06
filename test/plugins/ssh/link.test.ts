import assert from 'node:assert/strict'
import {once} from 'node:events'
import {statSync} from 'node:fs'
import {connect, createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {never, temporaryFolder} from '../../core/process/temporary.js'
import {until} from '../../support/harness.js'
import {LinkProxy} from '../../support/link-proxy.js'
import {needs} from '../../support/needs.js'
import {hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {refusal, sshParts} from './ssh-parts.js'

describe('the link to a host', () => {
  let sshd: Sshd
  let proxy: LinkProxy
  const servers: Sshd[] = []
  let parts: ReturnType<typeof sshParts>

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    sshd = await startSshd()
    servers.push(sshd)
  })
  beforeEach(async () => {
    proxy = await LinkProxy.to(sshd.port)
    parts = sshParts(
      [
        ...['Host there', ' HostName 127.0.0.1', ` Port ${proxy.port}`, ` HostKeyAlias [127.0.0.1]:${sshd.port}`],
        ...[` IdentityFile ${sshd.key}`, ` UserKnownHostsFile ${sshd.knownHosts}`, 'IdentityAgent none'],
      ].join('\n'),
    )
  })
  afterEach(async () => {
    await parts[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })
  after(() => {
    for (const server of servers) server[Symbol.dispose]()
  })

  it('is made anew when it was cut, as often as that happens', async () => {
    await using host = await parts.pool.hold({host: 'there'})
    await host.connect(never)
    const changes: string[] = []
    using _listening = host.reachability.onChange(() => changes.push(host.reachability.current))
    for (let time = 0; time < 10; time++) {
      proxy.drop()
      await until(() => changes.length === 2 * time + 2, 'it is known again')
      assert.equal((await host.run('echo back', {signal: never})).stdout.toString(), 'back\n')
    }
    assert.deepEqual(changes, Array.from({length: 10}, () => ['unknown', 'known']).flat())
  })

  it('is unknown while nothing gets through, and what is asked then fails at once', async () => {
    await using host = await parts.pool.hold({host: 'there'})
    await host.connect(never)
    proxy.cut()
    await until(() => host.reachability.current === 'unknown', 'it is unknown')
    const error = await refusal(host.connect(never))
    assert.equal(error.code, 'SSH_UNREACHABLE')
    assert.equal((await refusal(host.run('true', {signal: never}))).code, 'SSH_UNREACHABLE')
    proxy.mend()
    await until(() => host.reachability.current === 'known', 'it is known again')
    assert.match(parts.logged(), /the link to .* is cut/)
    assert.match(parts.logged(), /is reached again/)
  })

  it('that falls silent is noticed, and made anew', async function () {
    // Keepalives are 4.5 seconds apart, and three must fail.
    this.timeout(60_000)
    await using host = await parts.pool.hold({host: 'there'})
    const channel = await host.open('cat', {})
    proxy.freeze()
    // Three keepalives without an answer: 18 s.
    await until(() => host.reachability.current === 'unknown', 'it is unknown', 20_000)
    assert.equal((await channel.ended).by, 'lost')
    proxy.mend()
    await until(() => host.reachability.current === 'known', 'it is known again')
  })

  it('that is cut does not end what runs there, and does not say that it has ended', async () => {
    using folder = temporaryFolder()
    const [begun, done] = [path.join(folder.path, 'begun'), path.join(folder.path, 'done')]
    await using host = await parts.pool.hold({host: 'there'})
    const channel = await host.open(
      `touch ${begun}; while ! test -e ${folder.path}/go; do sleep 0.05; done; touch ${done}`,
      {},
    )
    const out = text(channel.stdout)
    await until(() => isThere(begun), 'it has begun')
    proxy.drop()
    assert.equal((await channel.ended).by, 'lost')
    assert.equal(await out, '')
    await host.connect(never)
    await host.run(`touch ${folder.path}/go`, {signal: never})
    await until(() => isThere(done), 'it has gone on')
  })

  it('that is cut lets no half of a file be taken for the whole', async () => {
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'file')
    await using host = await parts.pool.hold({host: 'there'})
    const slow = async function* () {
      yield Buffer.from('half')
      await Promise.resolve()
      proxy.cut()
      yield Buffer.from('other half')
    }
    const {Readable} = await import('node:stream')
    const error = await refusal(host.put(Readable.from(slow()), file, {signal: never}))
    assert.equal(error.code, 'SSH_UNREACHABLE')
    assert.ok(!isThere(file))
  })

  it('listens at its ports again', async () => {
    await using host = await parts.pool.hold({host: 'there'})
    const listener = await host.listen({host: '127.0.0.1', port: 0}, (connection) => {
      connection.pipe(connection)
    })
    const echo = async (): Promise<string> => {
      const socket = connect(listener.port, '127.0.0.1')
      const failed = once(socket, 'error').then(() => '')
      socket.end('around')
      return await Promise.race([text(socket).catch(() => ''), failed])
    }
    assert.equal(await echo(), 'around')
    proxy.drop()
    await until(() => host.reachability.current === 'unknown', 'it is unknown')
    await until(async () => (await echo()) === 'around', 'the port is there again')
    await listener[Symbol.asyncDispose]()
  })

  it('ends the connections that went through it', async () => {
    const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    await using host = await parts.pool.hold({host: 'there'})
    using connection = await host.dial({host: '127.0.0.1', port}, never)
    const all = text(connection)
    proxy.drop()
    assert.equal(await all, '')
    server.close()
  })

  it('gives up waiting when the signal aborts', async () => {
    proxy.freeze()
    await using host = await parts.pool.hold({host: 'there'})
    const over = new AbortController()
    const connecting = host.connect(over.signal)
    await until(() => proxy.accepted > 0, 'it is tried')
    over.abort(new Error('enough'))
    await assert.rejects(connecting, /enough/)
  })
})

describe('a host that is not reached', () => {
  const reasonFor = async (config: string) => {
    await using parts = sshParts(config)
    await using host = await parts.pool.hold({host: 'there'})
    const error = await refusal(host.connect(never))
    assert.equal(host.reachability.current, 'unknown')
    return error
  }

  it('because nothing listens', async () => {
    const error = await reasonFor('Host there\n HostName 127.0.0.1\n Port 1\n')
    assert.equal(error.code, 'SSH_UNREACHABLE')
    assert.match(error.message, /^Host '.*@127\.0\.0\.1:1' cannot be reached: the connection was refused\.$/)
  })

  it('because there is no such name', async () => {
    const error = await reasonFor('Host there\n HostName no-such-host.invalid\n')
    assert.match(error.message, /there is no host of that name|its name cannot be looked up now/)
  })

  it('because it does not answer in time', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const {port} = silent.address() as AddressInfo
    const error = await reasonFor(`Host there\n HostName 127.0.0.1\n Port ${port}\n ConnectTimeout 1\n`)
    assert.match(error.message, /it does not answer within 1 s/)
    silent.close()
  })

  it('because something else listens there', async () => {
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const {port} = web.address() as AddressInfo
    const error = await reasonFor(`Host there\n HostName 127.0.0.1\n Port ${port}\n`)
    assert.equal(error.code, 'SSH_UNREACHABLE')
    assert.equal(error.message.includes('\n'), false)
    web.close()
  })
})

function isThere(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false}) !== undefined
}
