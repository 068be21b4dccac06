import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {propertiesOf, typeText} from '../../../src/core/protocol/schema-text.js'

describe('typeText', () => {
  it('writes any schema that a plugin may bring as a type', () => {
    const texts: readonly (readonly [object | boolean, string])[] = [
      [true, 'any JSON'],
      [false, 'nothing'],
      [{}, 'any JSON'],
      [{type: ['string', 'null']}, 'string | null'],
      [{type: 'array'}, '(any JSON)[]'],
      [{type: 'array', items: {type: 'integer'}}, 'integer[]'],
      [{oneOf: [{type: 'string'}, {const: 1}]}, 'string | 1'],
      [{enum: ['a', 2]}, '"a" | 2'],
      [{type: 'object', properties: {a: true}, required: ['a']}, '{a: any JSON}'],
    ]
    for (const [schema, text] of texts) assert.equal(typeText(schema as never), text)
  })
})

describe('propertiesOf', () => {
  it('has a line for each property, also where its schema is a boolean', () => {
    const schema = {properties: {a: {type: 'string', description: 'A.'}, b: true}, required: ['a']}
    assert.deepEqual(propertiesOf(schema), [
      {name: 'a', type: 'string', required: true, description: 'A.'},
      {name: 'b', type: 'any JSON', required: false, description: ''},
    ])
  })
})
