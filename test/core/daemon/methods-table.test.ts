import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {systemClock} from '../../../src/core/base/clock.js'
import type {JsonObject} from '../../../src/core/base/json.js'
import {silentLog} from '../../../src/core/base/log.js'
import {openClient} from '../../../src/core/client/open-client.js'
import {answerOnce} from '../../../src/core/daemon/answer-once.js'
import {Once} from '../../../src/core/daemon/once.js'
import {methods, type MethodName} from '../../../src/core/protocol/methods.js'
import type {Progress} from '../../../src/core/protocol/notifications.js'
import type {Call} from '../../../src/core/transport/connection.js'
import {converse} from '../../../src/core/transport/conversation.js'
import {memoryPair} from '../../../src/core/transport/memory-pair.js'
import {isMethodName, validateParams} from '../../../src/core/transport/validate-params.js'
import {eventually} from '../process/temporary.js'
import {exampleOf} from './example-of.js'

const names = Object.keys(methods).filter(isMethodName)
const propertiesOf = (name: MethodName): Readonly<Record<string, object>> =>
  methods[name].params['properties'] as Readonly<Record<string, object>>
const mutations = names.filter((name) => 'requestId' in propertiesOf(name))
/** Params that fit, made of the schema. */
const paramsFor = (name: MethodName, variant = 0): JsonObject => exampleOf(methods[name].params, variant) as JsonObject

/** A daemon whose methods only count: each answers how often it has worked, when it is let. */
async function counting() {
  const worked: {readonly method: MethodName; readonly call: Call}[] = []
  const gate = {open: Promise.resolve()}
  const once = new Once()
  const [near, far] = memoryPair()
  converse(far, {
    via: 'memory',
    log: silentLog,
    onConnection: () =>
      answerOnce(once, async (method, _params, call) => {
        if (method === 'initialize') return {}
        worked.push({method, call})
        const answer = {times: worked.length}
        await gate.open
        return answer
      }),
  })
  const client = await openClient(near, {address: 'memory', client: {name: 'test', version: '0'}, clock: systemClock})
  return {
    worked,
    gate,
    ask: (name: MethodName, params: object, options: Parameters<typeof client.call>[2] = {}): Promise<unknown> =>
      client.call(name, params, options),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

describe('the methods table', () => {
  it('takes params that fit, and refuses each that it does not know, of every method', async () => {
    for (const name of names) {
      await validateParams(name, paramsFor(name))
      await assert.rejects(validateParams(name, {...paramsFor(name), nonsense: 1}), {
        code: 'REQUEST_INVALID',
        subject: name,
        reason: "params: expected no key 'nonsense'",
      })
    }
  })

  // What a session does belongs to its connection: asked for again, service.exec and service.attach are other sessions.
  it('requires a requestId of everything that could be done twice', () => {
    const acts = /\.(apply|forget|invoke|load|loadFile|restart|run|scale|signal|start|stop)$/
    for (const name of names) {
      const {required} = methods[name].params as unknown as {readonly required: readonly string[]}
      assert.equal(required.includes('requestId'), mutations.includes(name), name)
      if (acts.test(name)) assert.ok(mutations.includes(name), `${name} acts and takes no requestId`)
    }
  })

  it('does every mutation once for one requestId, and refuses the same one for something else', async () => {
    await using daemon = await counting()
    for (const name of mutations) {
      const params = paramsFor(name)
      const before = daemon.worked.length
      const [first, second] = await Promise.all([daemon.ask(name, params), daemon.ask(name, params)])
      const third = await daemon.ask(name, Object.fromEntries(Object.entries(params).reverse()))
      assert.deepEqual([first, second, third], [{times: before + 1}, first, first], name)
      assert.equal(daemon.worked.length, before + 1, name)
      await daemon.ask(name, {...params, requestId: 'another'})
      assert.equal(daemon.worked.length, before + 2, name)
      const changed = {...paramsFor(name, 1), requestId: params['requestId']}
      await assert.rejects(daemon.ask(name, changed), {
        code: 'REQUEST_INVALID',
        reason: 'this requestId came before with other params',
      })
    }
  })

  it('answers every mutation that is taken back at once, tells it, and says nothing more of it', async () => {
    await using daemon = await counting()
    for (const name of mutations) {
      let open = (): void => undefined
      daemon.gate.open = new Promise((resolve) => {
        open = resolve
      })
      const impatience = new AbortController()
      const said: Progress[] = []
      const onProgress = (progress: Progress): void => void said.push(progress)
      const asked = daemon.ask(name, paramsFor(name), {signal: impatience.signal, onProgress})
      const before = daemon.worked.length
      await eventually(() => daemon.worked.length > before)
      impatience.abort(new Error('enough'))
      await assert.rejects(asked, /enough/)
      const call = daemon.worked.at(-1)?.call
      await eventually(() => call?.signal.aborted === true)
      call?.progress({plan: []})
      open()
      assert.deepEqual(await daemon.ask(name, paramsFor(name)), {times: daemon.worked.length}, name)
      assert.deepEqual(said, [], name)
    }
  })
})
