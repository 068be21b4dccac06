import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {connect, createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import type {RemoteChannel, RemoteHost} from '../../../plugins/ssh/src/host/remote-host.js'
import {never, temporaryFolder} from '../../core/process/temporary.js'
import {until} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {clientConfig, hasSshd, startSshd, type Sshd} from '../../support/sshd.js'
import {connectionsTo, refusal, sshParts} from './ssh-parts.js'

describe('a host over SSH', () => {
  let sshd: Sshd
  let parts: ReturnType<typeof sshParts>
  let host: RemoteHost
  let ended: (() => Promise<void>) | undefined

  before(async function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
    sshd = await startSshd()
    parts = sshParts(clientConfig({there: sshd}))
    ended = async () => {
      await parts[Symbol.asyncDispose]()
      sshd[Symbol.dispose]()
    }
  })
  beforeEach(async () => {
    host = await parts.pool.hold({host: 'there'})
  })
  afterEach(async () => {
    await host[Symbol.asyncDispose]()
  })
  after(async () => {
    await ended?.()
  })

  it('is named by user, host and port', () => {
    assert.match(host.name, /^[\w.-]+@127\.0\.0\.1:\d+$/)
    assert.ok(host.name.endsWith(`:${sshd.port}`))
  })

  it('runs a command to its end', async () => {
    const ran = await host.run('echo out; echo err >&2; cat; exit 7', {input: 'in', signal: never})
    assert.deepEqual(ran.end, {by: 'code', code: 7})
    assert.equal(ran.stdout.toString(), 'out\nin')
    assert.equal(ran.stderr.toString(), 'err\n')
  })

  it('tells the signal that ended a command', async () => {
    const ran = await host.run('kill -TERM $$', {signal: never})
    assert.deepEqual(ran.end, {by: 'signal', signal: 'SIGTERM'})
  })

  it('has the POSIX shell read the command, whatever is in it', async () => {
    const odd = `a'b"c\\n$HOME \`id\` !x *\n\ttab\\\\ ü € 🎉 %s %b\r`
    const quoted = `'${odd.replaceAll("'", `'\\''`)}'`
    const ran = await host.run(`printf %s ${quoted}`, {signal: never})
    assert.equal(ran.stdout.toString(), odd)
  })

  it('carries twenty commands at once over one connection, though sshd runs ten at a time', async () => {
    const numbers = Array.from({length: 20}, (_, index) => index)
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, connectionsTo(sshd.port))), 5)
    const ran = await Promise.all(numbers.map((n) => host.run(`sleep 0.2; echo ${n}`, {signal: never})))
    clearInterval(watch)
    assert.deepEqual(
      ran.map(({stdout}) => Number(stdout.toString())),
      numbers,
    )
    assert.equal(most, 1)
  })

  it('is one host for all who name the same', async () => {
    const others = await Promise.all(Array.from({length: 5}, () => parts.pool.hold({host: 'there'})))
    await Promise.all(others.map((other) => other.run('true', {signal: never})))
    assert.equal(connectionsTo(sshd.port), 1)
    for (const other of others) await other[Symbol.asyncDispose]()
    assert.equal((await host.run('echo there', {signal: never})).stdout.toString(), 'there\n')
  })

  it('is left once nobody has held it for a while', async () => {
    await using alone = sshParts(clientConfig({there: sshd}))
    const before = connectionsTo(sshd.port)
    const held = await alone.pool.hold({host: 'there'})
    await held.connect(never)
    assert.equal(connectionsTo(sshd.port), before + 1)
    await held[Symbol.asyncDispose]()
    await until(() => connectionsTo(sshd.port) === before, 'the connection is closed')
    assert.equal(held.reachability.current, 'unknown')
  })

  it('keeps at most the limit of what a command prints', async () => {
    const ran = await host.run('head -c 3000000 /dev/zero; echo end >&2', {limit: 1000, signal: never})
    assert.deepEqual(ran.end, {by: 'code', code: 0})
    assert.equal(ran.stdout.length, 1000)
    assert.equal(ran.stderr.toString(), 'end\n')
  })

  it('carries megabytes in and out', async () => {
    const bytes = randomBytes(5 * 1024 * 1024)
    const ran = await host.run('cat', {input: bytes, limit: bytes.length + 1, signal: never})
    assert.ok(ran.stdout.equals(bytes))
  })

  it('does not wait for ever for what a command has left behind', async () => {
    const ran = await host.run('sleep 60 & echo $!', {signal: never})
    assert.deepEqual(ran.end, {by: 'code', code: 0})
    process.kill(Number(ran.stdout.toString()), 'SIGKILL')
  })

  it('ends a command whose signal aborts', async () => {
    const over = new AbortController()
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'pid')
    const run = host.run(`echo $$ >${file}; sleep 600; true`, {signal: over.signal})
    await until(() => sizeOf(file) > 0, 'the command runs')
    over.abort(new Error('enough'))
    await assert.rejects(run, /enough/)
    const pid = Number(readFileSync(file, 'utf8'))
    await until(() => !isThere(pid), 'the command is gone')
  })

  it('opens nothing once the signal has aborted', async () => {
    await assert.rejects(host.open('true', {signal: AbortSignal.abort(new Error('too late'))}), /too late/)
  })

  it('says that a command with a NUL cannot be', async () => {
    assert.equal((await refusal(host.run('a\0b', {signal: never}))).code, 'SSH_REFUSED')
  })

  describe('a channel', () => {
    it('has streams of its own', async () => {
      const channel = await host.open('read line; echo "got $line"; echo err >&2; exit 3', {})
      channel.stdin.write('hello\n')
      const [out, err] = await Promise.all([text(channel.stdout), text(channel.stderr)])
      assert.deepEqual([out, err], ['got hello\n', 'err\n'])
      assert.deepEqual(await channel.ended, {by: 'code', code: 3})
    })

    it('has a terminal that can change its size', async () => {
      const script = 'trap "stty size; exit" WINCH; stty size; test -t 1 && echo $TERM; while :; do sleep 0.05; done'
      const channel = await host.open(script, {pty: {columns: 91, rows: 31, term: 'xterm-256color'}})
      const said = heard(channel)
      await until(() => said().includes('xterm-256color'), 'the terminal is there')
      assert.match(said(), /^31 91\r\n/)
      channel.resize(100, 40)
      await until(() => said().includes('40 100'), 'the size has changed')
      await channel.ended
    })

    it('is let go without ending the command', async () => {
      using folder = temporaryFolder()
      const file = path.join(folder.path, 'pid')
      const channel = await host.open(`echo $$ >${file}; exec sleep 600 </dev/null >/dev/null 2>&1`, {})
      await until(() => sizeOf(file) > 0, 'the command runs')
      channel.close()
      assert.equal((await channel.ended).by, 'lost')
      const pid = Number(readFileSync(file, 'utf8'))
      assert.ok(isThere(pid))
      process.kill(pid, 'SIGKILL')
    })
  })

  describe('put', () => {
    it('writes a file, with its mode', async () => {
      using folder = temporaryFolder()
      const file = path.join(folder.path, "it's a file")
      await host.put(Buffer.from('content'), file, {mode: 0o755, signal: never})
      assert.equal(readFileSync(file, 'utf8'), 'content')
      assert.equal(statSync(file).mode & 0o777, 0o755)
      await host.put(Buffer.from(''), file, {signal: never})
      assert.equal(readFileSync(file, 'utf8'), '')
      assert.equal(statSync(file).mode & 0o777, 0o600)
      assert.deepEqual(readdirSync(folder.path), ["it's a file"])
    })

    it('writes a stream', async () => {
      using folder = temporaryFolder()
      const bytes = randomBytes(6 * 1024 * 1024)
      const chunks = Array.from({length: 48}, (_, n) => bytes.subarray(n * 131_072, (n + 1) * 131_072))
      const file = path.join(folder.path, 'large')
      await host.put(Readable.from(chunks), file, {signal: never})
      assert.ok(readFileSync(file).equals(bytes))
    })

    it('leaves nothing, and what was there, when the content fails', async () => {
      using folder = temporaryFolder()
      const file = path.join(folder.path, 'file')
      writeFileSync(file, 'old')
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('new')
          await Promise.resolve()
          throw new Error('no more')
        })(),
      )
      await assert.rejects(host.put(broken, file, {signal: never}), /no more/)
      assert.deepEqual(readdirSync(folder.path), ['file'])
      assert.equal(readFileSync(file, 'utf8'), 'old')
    })

    it('says why it cannot write', async () => {
      using folder = temporaryFolder()
      const missing = await refusal(host.put(Buffer.from('x'), path.join(folder.path, 'no', 'file'), {signal: never}))
      assert.equal(missing.code, 'SSH_REFUSED')
      assert.match(missing.message, /did not write '.*no\/file'/)
      mkdirSync(path.join(folder.path, 'folder'))
      const there = await refusal(host.put(Buffer.from('x'), path.join(folder.path, 'folder'), {signal: never}))
      assert.match(there.message, /it is a folder/)
      assert.deepEqual(readdirSync(path.join(folder.path, 'folder')), [])
    })
  })

  describe('connections through it', () => {
    it('reach an address there', async () => {
      const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const {port} = server.address() as AddressInfo
      using connection = await host.dial({host: '127.0.0.1', port}, never)
      connection.end('back')
      assert.equal(await text(connection), 'back')
      server.close()
    })

    it('say what does not answer there', async () => {
      const error = await refusal(host.dial({host: '127.0.0.1', port: 1}, never))
      assert.equal(error.code, 'SSH_REFUSED')
      assert.match(error.message, /does not connect to 127\.0\.0\.1:1 \(Connection refused\)/)
    })

    it('come from a port there', async () => {
      const listener = await host.listen({host: '127.0.0.1', port: 0}, (connection) => {
        connection.pipe(connection)
      })
      assert.ok(listener.port > 0)
      const socket = connect(listener.port, '127.0.0.1')
      socket.end('around')
      assert.equal(await text(socket), 'around')
      await listener[Symbol.asyncDispose]()
      const refused = connect(listener.port, '127.0.0.1')
      const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException]
      assert.equal(error.code, 'ECONNREFUSED')
    })

    it('say that a port is taken', async () => {
      const error = await refusal(host.listen({host: '127.0.0.1', port: sshd.port}, () => undefined))
      assert.match(error.message, new RegExp(`does not listen at port ${sshd.port}`))
    })
  })
})

describe('a host that is not as others are', () => {
  const withSettings = async (settings: readonly string[], act: (host: RemoteHost) => Promise<void>): Promise<void> => {
    const sshd = await startSshd({settings})
    try {
      await using parts = sshParts(clientConfig({there: sshd}))
      await using host = await parts.pool.hold({host: 'there'})
      await act(host)
    } finally {
      sshd[Symbol.dispose]()
    }
  }

  before(function () {
    needs(this, hasSshd(), 'sshd and the rights of root')
  })

  it('runs two commands at a time only: others wait', () =>
    withSettings(['MaxSessions 2'], async (host) => {
      const numbers = Array.from({length: 8}, (_, index) => index)
      const ran = await Promise.all(numbers.map((n) => host.run(`sleep 0.1; echo ${n}`, {signal: never})))
      assert.deepEqual(
        ran.map(({stdout}) => Number(stdout.toString())),
        numbers,
      )
    }))

  it('runs none at all', () =>
    withSettings(['MaxSessions 0'], async (host) => {
      const error = await refusal(host.run('true', {signal: never}))
      assert.equal(error.code, 'SSH_REFUSED')
      assert.match(error.message, /it runs no command for us/)
    }))

  it('has no shell for us', () =>
    withSettings(['ForceCommand echo "Go away." >&2; exit 1'], async (host) => {
      const error = await refusal(host.run('true', {signal: never}))
      assert.equal(error.code, 'SSH_REFUSED')
      assert.match(error.message, /no shell begins there: Go away\.$/)
    }))

  it('talks before it begins', () =>
    withSettings(['ForceCommand echo "Welcome."; eval "$SSH_ORIGINAL_COMMAND"'], async (host) => {
      const ran = await host.run('echo begun', {signal: never})
      assert.equal(ran.stdout.toString(), 'begun\n')
    }))

  it('lets nobody through', () =>
    withSettings(['AllowTcpForwarding no'], async (host) => {
      const dialled = await refusal(host.dial({host: '127.0.0.1', port: 1}, never))
      assert.match(dialled.message, /does not connect to 127\.0\.0\.1:1/)
      const listened = await refusal(host.listen({host: '127.0.0.1', port: 0}, () => undefined))
      assert.match(listened.message, /does not listen at port 0 for us/)
    }))
})

function heard(channel: RemoteChannel): () => string {
  let said = ''
  channel.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  channel.stderr.resume()
  return () => said
}

function sizeOf(file: string): number {
  return statSync(file, {throwIfNoEntry: false})?.size ?? 0
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
