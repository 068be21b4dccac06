import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {isHarnessError} from '../../../../src/core/base/errors.js'
import type {JsonObject} from '../../../../src/core/base/json.js'
import {methods} from '../../../../src/core/protocol/methods.js'
import {MemoryDaemon} from './memory-daemon.js'

describe('a client that connects again', () => {
  it('has a function for each method but those of the conversation', async () => {
    await using daemon = new MemoryDaemon()
    const client = (await daemon.client()) as unknown as Readonly<Record<string, Readonly<Record<string, unknown>>>>
    for (const name of Object.keys(methods)) {
      const [noun = '', verb = ''] = name.split('.')
      if (name === 'initialize' || noun === 'events') continue
      assert.equal(typeof client[noun]?.[verb], 'function', name)
    }
  })

  it('fills in what every caller gives alike', async () => {
    const asked: JsonObject[] = []
    await using daemon = new MemoryDaemon((_method, params) => {
      asked.push(params)
      return {}
    })
    const client = await daemon.client()
    await client.service.start({stack: 'demo'})
    await client.service.start({stack: 'demo', services: ['api'], env: {A: '1', B: undefined}, requestId: 'mine'})
    await client.stack.list()
    const [first, second, third] = asked
    assert.deepEqual(first?.['services'], [])
    assert.equal((first['env'] as JsonObject)['PATH'], process.env['PATH'])
    assert.match(first['requestId'] as string, /^[0-9a-f-]{8,}$/)
    assert.deepEqual(second, {stack: 'demo', services: ['api'], env: {A: '1'}, requestId: 'mine'})
    assert.deepEqual(third, {})
  })

  it('asks again with the same request id when the connection is lost, and connects when the daemon is back', async () => {
    const ids: unknown[] = []
    await using daemon = new MemoryDaemon((method, params) => {
      ids.push(params['requestId'])
      if (ids.length > 2) return {method}
      daemon.lose()
      return new Promise(() => undefined)
    })
    const client = await daemon.client()
    assert.deepEqual(await client.service.start({stack: 'demo'}), {method: 'service.start'})
    assert.equal(ids.length, 3)
    assert.equal(new Set(ids).size, 1)
    assert.notEqual(ids[0], undefined)
    daemon.away = true
    daemon.lose()
    const call = client.stack.list()
    daemon.away = false
    assert.deepEqual(await call, {method: 'stack.list'})
  })

  it('does not ask again what would do something else the second time, nor without end', async () => {
    let asked = 0
    await using daemon = new MemoryDaemon(() => {
      asked += 1
      daemon.lose()
      return new Promise(() => undefined)
    })
    const client = await daemon.client()
    await assert.rejects(client.daemon.shutdown({stopServices: true}), {code: 'CONNECTION_LOST'})
    assert.equal(asked, 1)
    await assert.rejects(client.stack.list(), {code: 'CONNECTION_LOST'})
    assert.equal(asked, 6)
  })

  it('asks the same daemon again for what another one would do once more, and no other', async () => {
    let asked = 0
    await using daemon = new MemoryDaemon(() => {
      asked += 1
      if (asked === 2) return {}
      if (asked < 2) daemon.lose()
      else daemon.replace()
      return new Promise(() => undefined)
    })
    const client = await daemon.client()
    const signal = {stack: 'demo', service: 'api', signal: 'SIGHUP'}
    await client.service.signal(signal)
    assert.equal(asked, 2)
    await assert.rejects(client.service.signal(signal), {
      code: 'CONNECTION_LOST',
      reason: 'the daemon ended during service.signal, and whether it was done cannot be told',
    })
    assert.equal(asked, 3)
  })

  it('hands errors of the daemon through, and gives up waiting when its caller does', async () => {
    await using daemon = new MemoryDaemon(() => Promise.reject(new TypeError('a bug')))
    const client = await daemon.client()
    await assert.rejects(client.stack.list(), (error) => isHarnessError(error) && error.code === 'INTERNAL')
    daemon.away = true
    daemon.lose()
    const controller = new AbortController()
    const reason = new Error('enough')
    const call = client.stack.list({}, {signal: controller.signal})
    controller.abort(reason)
    await assert.rejects(call, reason)
  })

  it('connects once for requests that come together', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    daemon.lose()
    await Promise.all(Array.from({length: 10}, () => client.stack.list()))
    assert.equal(daemon.dials, 2)
  })

  it('is over when it is closed', async () => {
    await using daemon = new MemoryDaemon()
    const client = await daemon.client()
    await client.close()
    await assert.rejects(client.stack.list(), {code: 'CONNECTION_LOST'})
  })
})
