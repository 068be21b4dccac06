import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {actionInput, actionOutput} from '../../../plugins/mcp/src/tools/action-schemas.js'

describe('the schemas of an action', () => {
  it('are those of its tool where it takes and gives objects', () => {
    const schema = {type: 'object', properties: {blocks: {type: 'integer'}}, required: ['blocks']}
    const input = actionInput({$schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'mine', ...schema})
    assert.deepEqual(input.schema, schema)
    assert.deepEqual(input.of({blocks: 1}), {blocks: 1})
    assert.deepEqual(actionOutput({$id: 'mine', ...schema}), schema)
  })

  it('take an object where anything goes', () => {
    const input = actionInput({description: 'As you like.'})
    assert.deepEqual(input.schema, {type: 'object', description: 'As you like.'})
    assert.deepEqual(input.of({any: 'thing'}), {any: 'thing'})
    assert.equal(actionOutput({}), undefined)
  })

  it('lie under `input` where it takes something else, with the shapes that they name', () => {
    const list = {type: 'array', items: {$ref: '#/$defs/address'}}
    const input = actionInput({...list, $defs: {address: {type: 'string'}}})
    assert.deepEqual(input.schema, {
      type: 'object',
      properties: {input: list},
      required: ['input'],
      $defs: {address: {type: 'string'}},
    })
    assert.deepEqual(input.of({input: ['0x0']}), ['0x0'])
    assert.equal(actionInput({oneOf: [{type: 'object'}, {type: 'null'}]}).schema.required?.[0], 'input')
    assert.equal(actionOutput(list), undefined)
  })
})
