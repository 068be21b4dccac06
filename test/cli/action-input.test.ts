import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {actionInput, parseInput, parseParams} from '../../src/cli/action-input.js'

const schema = {
  type: 'object',
  properties: {count: {type: 'integer'}, on: {type: 'boolean'}, name: {type: 'string'}, list: {type: 'array'}},
}
const inputOf = (params: readonly string[], input?: string) =>
  actionInput({params: parseParams(params), input: input === undefined ? undefined : parseInput(input)}, schema)

describe('the input of an action', () => {
  it('takes texts as what the schema wants, and nothing else as anything else', async () => {
    assert.deepEqual(await inputOf(['count=5', 'on=true', 'name=7', 'more=a=b']), {
      count: 5,
      on: true,
      name: '7',
      more: 'a=b',
    })
    assert.deepEqual(await inputOf(['count=many']), {count: 'many'})
  })

  it('lays fields over what is given as JSON, which stays as it is', async () => {
    assert.deepEqual(await inputOf(['name=b'], '{"name": "a", "count": "5"}'), {name: 'b', count: '5'})
    assert.deepEqual(await inputOf([], '[1]'), [1])
    assert.deepEqual(await inputOf([]), {})
  })

  it('says what cannot be read', async () => {
    assert.throws(() => parseInput('{'), {code: 'USAGE', subject: '--input'})
    assert.throws(() => parseParams(['count']), {code: 'USAGE', reason: 'expected KEY=VALUE'})
    assert.throws(() => parseParams(['a=1', 'a=2']), {code: 'USAGE', reason: 'it is given twice'})
    await assert.rejects(inputOf(['a=1'], '[1]'), {code: 'USAGE'})
  })
})
