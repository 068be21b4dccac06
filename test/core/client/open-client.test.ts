import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {silentLog} from '../../../src/core/base/log.js'
import type {Client} from '../../../src/core/client/client.js'
import {openClient} from '../../../src/core/client/open-client.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {converse} from '../../../src/core/transport/conversation.js'
import type {Call, Connection, Handle} from '../../../src/core/transport/connection.js'
import {memoryPair} from '../../../src/core/transport/memory-pair.js'
import {createFakeClock} from '../transport/fake-clock.js'
import {tinyHandler} from '../transport/tiny-daemon.js'
import {until} from '../transport/until.js'

/** A client and a handler without sockets between them. */
async function open(
  handle: Handle = tinyHandler(),
): Promise<{readonly client: Client; readonly connection: Connection}> {
  const clock = createFakeClock()
  const [near, far] = memoryPair()
  const connection = converse(far, {via: 'memory', clock, log: silentLog, onConnection: () => handle})
  return {client: await openClient(near, {address: 'memory', client: {name: 'test', version: '1'}, clock}), connection}
}

const event: DaemonEvent = {seq: 1, time: '2026-01-01T00:00:00.000Z', topic: 'stack.loaded', stack: 'x-1', name: 'x'}

describe('a client', () => {
  it('hands logs and progress to the call that asked for them', async () => {
    const {client} = await open()
    const heard: string[] = []
    const params = {stack: 'demo', services: [], tail: null, attempts: 'last', follow: false} as const
    const result = await client.call('logs.read', params, {
      onLog: (lines) => heard.push(`${lines.length} lines`),
      onProgress: (progress) => heard.push('plan' in progress ? 'plan' : 'step'),
    })
    assert.deepEqual(result, {lines: 0})
    assert.deepEqual(heard, ['0 lines', 'plan'])
    await client[Symbol.asyncDispose]()
  })

  it('hears events until it stops listening', async () => {
    const {client, connection} = await open()
    const heard: number[] = []
    const listening = client.onEvent(({seq}) => heard.push(seq))
    connection.notify('$/event', event)
    await client.call('stack.list', {})
    listening[Symbol.dispose]()
    connection.notify('$/event', {...event, seq: 2})
    await client.call('stack.list', {})
    assert.deepEqual(heard, [1])
    await client[Symbol.asyncDispose]()
  })

  it('takes a call back when its signal aborts', async () => {
    const hanging: Call[] = []
    const {client} = await open(tinyHandler(hanging))
    const controller = new AbortController()
    const call = client.call('service.status', {stack: 'demo', services: []}, {signal: controller.signal})
    await until(() => hanging.length === 1)
    const reason = new Error('Ctrl-C')
    controller.abort(reason)
    await assert.rejects(call, reason)
    await until(() => hanging[0]?.signal.aborted === true)
    await client[Symbol.asyncDispose]()
  })

  it('refuses to send more than the daemon takes, and names the size', async () => {
    const {client} = await open()
    const env = {LARGE: 'x'.repeat(1024 * 1024)}
    const call = client.call('service.start', {stack: 'demo', services: [], env, requestId: 'r1'})
    await assert.rejects(call, {code: 'REQUEST_INVALID', subject: 'service.start'})
    assert.deepEqual(await client.call('stack.list', {}), {stacks: []})
    await client[Symbol.asyncDispose]()
  })

  it('closes without an error when it was disposed of, and with CONNECTION_LOST when the daemon left', async () => {
    const first = await open()
    await first.client[Symbol.asyncDispose]()
    assert.equal(await first.client.closed, undefined)
    const second = await open()
    const call = second.client.call('service.status', {stack: 'demo', services: []})
    second.connection.close(4003, '')
    await assert.rejects(call, {code: 'CONNECTION_LOST', reason: 'the daemon shut down'})
    assert.equal(((await second.client.closed) as {code?: string}).code, 'CONNECTION_LOST')
    await second.client[Symbol.asyncDispose]()
  })
})
