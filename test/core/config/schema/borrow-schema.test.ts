import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Json, JsonSchema} from '../../../../src/core/base/json.js'
import {stackSchema} from '../../../../src/core/config/schema/stack-schema.js'
import {catalogue} from '../catalogue.js'
import {accepts} from '../schema-walk.js'

/** The schema of a stack with one executor, `rocket`, that takes this. */
function schemaWith(specSchema: JsonSchema<unknown>) {
  const process = catalogue.executor('process')
  return stackSchema({
    ...catalogue,
    executor: () => process && {...process, kind: 'rocket', specSchema},
    names: {...catalogue.names, executors: ['rocket']},
  })
}

/** Whether a service takes these fields, which must be the same in both spellings. */
function takes(specSchema: JsonSchema<unknown>, fields: Readonly<Record<string, Json>>): boolean {
  const schema = schemaWith(specSchema)
  const short = accepts(schema, {services: {a: {type: 'rocket', ...fields}}})
  const long = accepts(schema, {services: {a: {target: {type: 'rocket', ...fields}}}})
  assert.equal(short, long, 'both spellings are the same')
  return short
}

const object = (properties: object, more: object = {}): JsonSchema<unknown> => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
})

describe("a plugin's schema within that of the stack file", () => {
  it('takes a template where it wants a number, a switch, one of a few words or a form', () => {
    for (const wanted of [
      {type: 'integer', minimum: 1},
      {type: 'number'},
      {type: 'boolean'},
      {enum: ['a', 'b']},
      {type: 'string', pattern: '^a$'},
      {type: 'string', format: 'ipv4'},
      {type: 'string', maxLength: 3},
    ]) {
      const spec = object({fuel: wanted})
      assert.ok(takes(spec, {fuel: '${FUEL}'}), JSON.stringify(wanted))
      assert.ok(takes(spec, {fuel: '${db.port}'}), JSON.stringify(wanted))
      assert.ok(!takes(spec, {fuel: 'wrong'}), JSON.stringify(wanted))
    }
  })

  it('takes none where it wants a list or a map', () => {
    assert.ok(!takes(object({fuel: {type: 'array'}}), {fuel: '${FUEL}'}))
    assert.ok(!takes(object({fuel: {type: 'object'}}), {fuel: '${FUEL}'}))
  })

  it('keeps its references to its own parts, also to the whole of it', () => {
    const spec = object(
      {stages: {type: 'array', items: {$ref: '#/$defs/stage'}}, booster: {$ref: '#'}},
      {$id: 'urn:rocket', $defs: {stage: {type: 'integer'}}},
    )
    assert.ok(takes(spec, {stages: [1, 2], booster: {stages: [3]}}))
    assert.ok(!takes(spec, {stages: ['a']}))
    assert.ok(!takes(spec, {booster: {stage: [3]}}))
  })

  it('keeps conditions between its keys, whichever keys of the service stand beside them', () => {
    const spec = object(
      {image: {type: 'string'}, build: {type: 'string'}, tag: {type: 'string'}},
      {oneOf: [{required: ['image']}, {required: ['build']}], dependentRequired: {tag: ['image']}},
    )
    assert.ok(takes(spec, {image: 'a', tag: 'b', env: {A: 'b'}}))
    assert.ok(!takes(spec, {image: 'a', build: 'b'}))
    assert.ok(!takes(spec, {build: 'b', tag: 'c'}))
    assert.ok(!takes(spec, {}))
  })

  it('knows keys that only stand under a condition, and limits of their number', () => {
    const branches = object(
      {kind: {enum: ['a', 'b']}},
      {
        if: {properties: {kind: {const: 'a'}}},
        then: {properties: {first: {type: 'integer'}}, additionalProperties: false},
      },
    )
    assert.ok(
      takes({...branches, additionalProperties: undefined, unevaluatedProperties: false}, {kind: 'a', first: 1}),
    )
    const one = object({pid: {type: 'integer'}, name: {type: 'string'}}, {minProperties: 1, maxProperties: 1})
    assert.ok(takes(one, {pid: 1, env: {A: 'b'}, ports: [80]}))
    assert.ok(!takes(one, {pid: 1, name: 'a'}))
    assert.ok(!takes(one, {}))
  })

  it('leaves what it does not close open', () => {
    assert.ok(takes({type: 'object', properties: {fuel: {type: 'integer'}}}, {fuel: 1, anything: {goes: true}}))
    assert.ok(takes({}, {anything: 1}))
  })
})
