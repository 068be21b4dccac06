import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {measureDepth} from '../../../src/core/protocol/json-depth.js'
import {limits} from '../../../src/core/protocol/messages.js'
import {parseMessage} from '../../../src/core/protocol/parse.js'

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

describe('parseMessage', () => {
  it('reads requests, notifications, answers and errors', () => {
    for (const message of [
      {jsonrpc: '2.0', id: 0, method: 'stack.list'},
      {jsonrpc: '2.0', id: 1, method: 'stack.list', params: {a: [1]}},
      {jsonrpc: '2.0', method: '$/event', params: {}},
      {jsonrpc: '2.0', id: 1, result: null},
      {jsonrpc: '2.0', id: null, error: {code: -32_700, message: 'x'}},
      {jsonrpc: '2.0', id: 1, error: {code: -32_000, message: 'x', data: {code: 'PORT_BUSY', subject: '1'}}},
    ]) {
      assert.deepEqual(parseMessage(JSON.stringify(message)), {message})
    }
  })

  it('takes the deepest nesting that is allowed and refuses one level more, with the id', () => {
    const message = (levels: number): string => `{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":${nested(levels)}}}`
    assert.ok('message' in parseMessage(message(limits.jsonDepth - 2)))
    const refused = parseMessage(message(limits.jsonDepth - 1))
    assert.ok('failure' in refused)
    assert.equal(refused.failure.id, 7)
    assert.match(refused.failure.error.message, /64 levels/)
  })

  it('says what it expected and got', () => {
    const messageOf = (text: string): string => {
      const parsed = parseMessage(text)
      return 'failure' in parsed ? parsed.failure.error.message : 'fine'
    }
    assert.match(messageOf('[]'), /batches are not supported/)
    assert.match(messageOf('{"jsonrpc":2}'), /expected "jsonrpc": "2.0", got 2/)
    assert.match(messageOf('{"jsonrpc":"2.0","id":-1,"method":"x"}'), /'id' must be a whole number from 0 on, got -1/)
    assert.match(
      messageOf('{"jsonrpc":"2.0","id":1,"method":"x","params":3}'),
      /'params' must be an object, got a number/,
    )
  })
})

describe('measureDepth', () => {
  it('is not fooled by strings, and keeps the surface', () => {
    assert.deepEqual(measureDepth('{"a":"[[[\\"[[","b":{"c":[1]},"id":3}', 3), {
      tooDeep: false,
      surface: '{"a":"[[[\\"[[","b":null,"id":3}',
    })
    assert.equal(measureDepth('[[[1]]]', 2).tooDeep, true)
  })

  it('survives what is no JSON', () => {
    for (const text of ['', '"', '"\\', ']]]]', '{"a":[', '}{']) assert.equal(measureDepth(text, 64).tooDeep, false)
  })
})
