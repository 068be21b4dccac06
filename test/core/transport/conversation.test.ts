import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {closeCodes, limits, protocolVersion, rpcCodes} from '../../../src/core/protocol/messages.js'
import {createFakeClock} from './fake-clock.js'
import {openRaw} from './raw-client.js'
import {startTinyDaemon} from './tiny-daemon.js'
import {until} from './until.js'

describe('a conversation', () => {
  it('begins with initialize and answers nothing else before it', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    const early = await client.request(7, 'stack.list')
    assert.equal(early.id, 7)
    assert.equal(early.error?.code, rpcCodes.notInitialized)
    assert.equal(daemon.connections[0]?.client, undefined)
    assert.deepEqual((await client.initialize()).result, {
      protocolVersion,
      daemon: {version: '0.0.0', epoch: 'epoch-1', pid: process.pid},
      plugins: [],
    })
    assert.equal((await client.initialize()).error?.data?.code, 'REQUEST_INVALID')
  })

  it('refuses another protocol version, says which side to upgrade, and closes', async () => {
    await using daemon = await startTinyDaemon()
    for (const [version, side] of [
      [protocolVersion + 1, 'upgrade the daemon'],
      [protocolVersion - 1, 'upgrade the client'],
    ] as const) {
      await using client = await openRaw(daemon)
      const {error} = await client.initialize(version)
      assert.equal(error?.code, rpcCodes.harness)
      assert.equal(error.data?.code, 'VERSION_MISMATCH')
      assert.match(
        error.message,
        new RegExp(`daemon speaks version ${protocolVersion}, raw speaks version ${version}; ${side}`),
      )
      assert.equal((await client.closed).code, closeCodes.version)
    }
  })

  it('refuses an initialize that does not fit, and stays open for one that does', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    const {error} = await client.request(1, 'initialize', {protocolVersion})
    assert.equal(error?.code, rpcCodes.invalidParams)
    assert.match(error.message, /client/)
    assert.ok((await client.initialize()).result)
  })

  it('is closed when initialize does not come within five seconds', async () => {
    const clock = createFakeClock()
    await using daemon = await startTinyDaemon({clock})
    await using silent = await openRaw(daemon)
    await using polite = await openRaw(daemon)
    await polite.initialize()
    clock.advance(limits.handshakeMs)
    assert.deepEqual(await silent.closed, {code: 1008, reason: "'initialize' was expected within 5000 ms"})
    assert.deepEqual((await polite.request(2, 'stack.list')).result, {stacks: []})
  })

  it('answers with the typed error of the handler, and hides what is a bug behind INTERNAL', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    const unknown = await client.request(2, 'task.list', {stack: 'demo'})
    assert.equal(unknown.error?.code, rpcCodes.harness)
    assert.equal(unknown.error.data?.code, 'STACK_UNKNOWN')
    assert.deepEqual(unknown.error.data.details, {known: []})
    const bug = await client.request(3, 'daemon.info')
    assert.equal(bug.error?.code, rpcCodes.internalError)
    assert.equal(bug.error.data?.code, 'INTERNAL')
    assert.ok(!JSON.stringify(bug).includes('.ts:'))
  })

  it('refuses names that are none, and points at each', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    const hostile = [
      '../x',
      '-rf',
      'a\0b',
      'a\nb',
      '__proto__',
      '\u001b[31m',
      '\u202eabc',
      '',
      'A',
      'a'.repeat(64),
      'a b',
      'a/b',
      'a\n',
    ]
    for (const [index, name] of hostile.entries()) {
      const {error} = await client.request(index + 2, 'service.status', {stack: 'demo', services: ['ok', name]})
      assert.equal(error?.code, rpcCodes.invalidParams, JSON.stringify(name))
      assert.match(error.message, /params\/services\/1/)
    }
    assert.equal(daemon.hanging.length, 0)
  })

  it('has at most 64 requests in flight; the next one is told BUSY, and room comes back', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    const hang = (id: number): string =>
      JSON.stringify({jsonrpc: '2.0', id, method: 'service.status', params: {stack: 'demo', services: []}})
    for (let id = 100; id < 100 + limits.requestsInFlight; id += 1) client.send(hang(id))
    await until(() => daemon.hanging.length === limits.requestsInFlight)
    const refused = await client.request(2, 'stack.list')
    assert.equal(refused.id, 2)
    assert.equal(refused.error?.data?.code, 'BUSY')
    daemon.release()
    for (let answer = 0; answer < limits.requestsInFlight; answer += 1) assert.ok((await client.next()).result)
    assert.deepEqual((await client.request(3, 'stack.list')).result, {stacks: []})
  })

  it('refuses an id that is still in use', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    client.send(
      JSON.stringify({jsonrpc: '2.0', id: 9, method: 'service.status', params: {stack: 'demo', services: []}}),
    )
    await until(() => daemon.hanging.length === 1)
    const second = await client.request(9, 'stack.list')
    assert.equal(second.error?.code, rpcCodes.invalidRequest)
    assert.equal(second.id, 9)
  })

  it('cancels a request when asked to, but not when its client leaves', async () => {
    await using daemon = await startTinyDaemon()
    const client = await openRaw(daemon)
    await client.initialize()
    for (const id of [2, 3]) {
      client.send(JSON.stringify({jsonrpc: '2.0', id, method: 'service.status', params: {stack: 'demo', services: []}}))
    }
    await until(() => daemon.hanging.length === 2)
    client.send(JSON.stringify({jsonrpc: '2.0', method: '$/cancelRequest', params: {id: 2}}))
    const answer = await client.next()
    assert.equal(answer.id, 2)
    assert.equal(answer.error?.code, rpcCodes.cancelled)
    assert.equal(answer.error.data?.code, 'CANCELLED')
    const [cancelled, left] = daemon.hanging
    assert.ok(cancelled?.signal.aborted)
    await client[Symbol.asyncDispose]()
    await until(() => left?.connection.closed.aborted === true)
    assert.equal(left?.signal.aborted, false)
    left.progress({plan: []})
    assert.equal(daemon.server.connections, 0)
  })

  it('drops a half-open client after two pings without an answer, and keeps one that answers', async () => {
    const clock = createFakeClock()
    await using daemon = await startTinyDaemon({clock})
    await using frozen = await openRaw(daemon, {autoPong: false})
    await using alive = await openRaw(daemon)
    let pings = 0
    alive.socket.on('ping', () => (pings += 1))
    await frozen.initialize()
    await alive.initialize()
    for (const round of [1, 2]) {
      clock.advance(limits.pingMs)
      await until(() => pings === round)
      await alive.request(round + 1, 'stack.list')
      assert.equal(daemon.server.connections, 2)
    }
    clock.advance(limits.pingMs)
    await until(() => daemon.server.connections === 1)
    assert.equal((await frozen.closed).code, 1006)
    assert.ok((await alive.request(9, 'stack.list')).result)
  })

  it('closes a client that takes nothing of what it asked for', async () => {
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    const [connection] = daemon.connections
    client.socket.pause()
    const lines = [
      {
        time: '',
        stack: 'x',
        service: 'x',
        stream: 'stdout' as const,
        attempt: 1,
        offset: 0,
        next: 1024 * 1024,
        text: 'x'.repeat(1024 * 1024),
      },
    ]
    for (let sent = 0; sent < 20; sent += 1) connection!.notify('$/log', {id: 1, lines})
    assert.ok(connection!.bufferedBytes <= limits.bufferedBytes + 2 * 1024 * 1024)
    client.socket.resume()
    assert.equal((await client.closed).code, closeCodes.slowConsumer)
  })
})
