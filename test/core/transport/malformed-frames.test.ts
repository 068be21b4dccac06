import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {rpcCodes} from '../../../src/core/protocol/messages.js'
import {ask, openSocket, upgradeRequest} from './raw-upgrade.js'
import {openRaw, type RawClient} from './raw-client.js'
import {startTinyDaemon} from './tiny-daemon.js'

const {parseError, invalidRequest, methodNotFound, invalidParams} = rpcCodes
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
const request = (id: unknown, rest: object): string => JSON.stringify({jsonrpc: '2.0', id, ...rest})

/** Fifteen kinds; `n` makes each frame another one. The last two entries are the code and the id of the answer. */
const kinds: Readonly<
  Record<string, (n: number) => readonly [frame: Buffer | string, code: number, id: number | string | null]>
> = {
  'no JSON': (n) => [`hello ${n}`, parseError, null],
  'an empty frame': () => ['', parseError, null],
  'JSON cut off': (n) => [request(n, {method: 'stack.list'}).slice(0, -1), parseError, null],
  'a bare value': (n) => [String(n), invalidRequest, null],
  'a batch': (n) => [`[${request(n, {method: 'stack.list'})}]`, invalidRequest, null],
  'another version of JSON-RPC': (n) => [
    JSON.stringify({jsonrpc: '1.0', id: n, method: 'stack.list'}),
    invalidRequest,
    n,
  ],
  'neither method nor result': (n) => [request(n, {}), invalidRequest, n],
  'both result and error': (n) => [request(n, {result: 1, error: {code: 1, message: ''}}), invalidRequest, n],
  'a method that is no text': (n) => [request(n, {method: n}), invalidRequest, n],
  'an id that is a text': (n) => [request(`id-${n}`, {method: 'stack.list'}), invalidRequest, `id-${n}`],
  'an id that is no whole number': (n) => [request(n + 0.5, {method: 'stack.list'}), invalidRequest, n + 0.5],
  'params that are a list': (n) => [request(n, {method: 'stack.list', params: []}), invalidRequest, n],
  'nesting without end': (n) => [
    `{"jsonrpc":"2.0","params":{"a":${deep(50_000)}},"method":"x","id":${n}}`,
    invalidRequest,
    n,
  ],
  'an unknown method': (n) => [request(n, {method: `__proto__.${n}`}), methodNotFound, n],
  'params that do not fit': (n) => [request(n, {method: 'task.list', params: {stack: n}}), invalidParams, n],
  'a binary frame': (n) => [Buffer.from(request(n, {method: 'stack.list'})), invalidRequest, null],
}

describe('malformed frames', () => {
  it('are each answered with an error that has the id where one was readable, and the server stays up (W1)', async function () {
    this.timeout(30_000)
    await using daemon = await startTinyDaemon()
    await using client = await openRaw(daemon)
    await client.initialize()
    const makers = Object.values(kinds)
    assert.ok(makers.length >= 15)
    for (const make of makers) await expectError(client, make(1))
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    for (let n = 2; n < 1002; n += 1) {
      const make = makers[n % makers.length]!
      await expectError(client, make(n))
    }
    const grown = (process.memoryUsage().rss - before) / 1024 / 1024
    assert.ok(grown <= 40, `RSS grew by ${grown} MB`)
    assert.deepEqual((await client.request(5000, 'stack.list')).result, {stacks: []})
    assert.equal(daemon.server.connections, 1)
  })

  it('that break the WebSocket protocol close that connection alone', async () => {
    await using daemon = await startTinyDaemon()
    await using bystander = await openRaw(daemon)
    await bystander.initialize()
    const frames: Readonly<Record<string, readonly [bytes: readonly number[], code: number]>> = {
      'not masked': [[0x81, 0x01, 0x41], 1002],
      'reserved bit': [[0xc1, 0x80, 0, 0, 0, 0], 1002],
      'unknown opcode': [[0x83, 0x80, 0, 0, 0, 0], 1002],
      'continuation of nothing': [[0x80, 0x80, 0, 0, 0, 0], 1002],
      'not UTF-8': [[0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
      'a length of 2 GiB': [[0x81, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], 1009],
    }
    for (const [title, [bytes, code]] of Object.entries(frames)) {
      await using client = await openRaw(daemon)
      client.writeBytes(Buffer.from(bytes))
      assert.equal((await client.closed).code, code, title)
    }
    assert.deepEqual((await bystander.request(2, 'stack.list')).result, {stacks: []})
  })

  it('of more than 16 MiB by the unix socket, or in more than 64 fragments, close the connection', async () => {
    await using daemon = await startTinyDaemon()
    await using large = await openRaw(daemon)
    large.send('x'.repeat(16 * 1024 * 1024))
    assert.equal((await large.next()).error?.code, rpcCodes.parseError)
    large.send('x'.repeat(16 * 1024 * 1024 + 1))
    assert.equal((await large.closed).code, 1009)
    await using chopped = await openRaw(daemon)
    for (let part = 0; part < 70; part += 1) chopped.socket.send('x', {fin: false})
    assert.equal((await chopped.closed).code, 1008)
  })

  it('of more than 1 MiB by TLS close the connection before they are there', async () => {
    await using daemon = await startTinyDaemon()
    const socket = await openSocket(daemon, 'tcp')
    socket.write(`${upgradeRequest(daemon, 'tcp').join('\r\n')}\r\n\r\n`)
    socket.once('data', () => socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0])))
    const received: Buffer[] = []
    for await (const part of socket) received.push(part as Buffer)
    // A closing frame: its code, 1009, is all that it says.
    assert.deepEqual([...Buffer.concat(received).subarray(-4)], [0x88, 2, 0x03, 0xf1])
  })

  it('before the upgrade are refused too', async () => {
    await using daemon = await startTinyDaemon()
    const badKey = await ask(daemon, 'unix', upgradeRequest(daemon, 'unix', {'Sec-WebSocket-Key': 'short'}))
    assert.deepEqual(badKey, {status: 400, body: 0, open: false})
    const huge = await ask(daemon, 'unix', upgradeRequest(daemon, 'unix', {'X-Large': 'x'.repeat(20_000)}))
    assert.equal(huge.open, false)
    assert.equal(daemon.connections.length, 0)
  })
})

async function expectError(
  client: RawClient,
  [frame, code, id]: readonly [frame: Buffer | string, code: number, id: number | string | null],
): Promise<void> {
  client.send(frame)
  const answer = await client.next()
  assert.equal(answer.error?.code, code, JSON.stringify(answer))
  assert.equal(answer.id, id)
  assert.ok(answer.error.message.length < 400)
}
