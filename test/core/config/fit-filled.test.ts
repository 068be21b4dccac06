import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {JsonObject, JsonSchema} from '../../../src/core/base/json.js'
import {fitFilled} from '../../../src/core/config/fit-filled.js'

const schema: JsonSchema<unknown> = {
  type: 'object',
  properties: {
    port: {type: 'integer'},
    url: {type: 'string'},
    debug: {type: 'boolean'},
    ports: {type: 'array', items: {type: 'integer'}},
    mode: {enum: ['fast', 'slow']},
  },
  additionalProperties: false,
}
const fit = (template: JsonObject, filled: JsonObject): JsonObject =>
  fitFilled(schema, {template, filled, subject: 'api', place: 'api.target'})

describe('a template with its references filled in', () => {
  it('gives the number or boolean that is asked for, and leaves texts texts', () => {
    const template = {port: '${db.port}', url: '${db.port}', debug: '${seed.outputs.debug}', ports: [1, '${db.port}']}
    assert.deepEqual(fit(template, {port: '5432', url: '5432', debug: 'true', ports: [1, '5432']}), {
      port: 5432,
      url: '5432',
      debug: true,
      ports: [1, 5432],
    })
  })

  it('is refused where it does not fit, naming the place and what came', () => {
    assert.throws(() => fit({port: '${seed.outputs.port}'}, {port: 'none'}), {
      code: 'SERVICE_START_FAILED',
      subject: 'api',
      reason: "with its references filled in, api.target.port must be a whole number, got 'none'",
    })
    assert.throws(() => fit({mode: '${seed.outputs.mode}'}, {mode: '$mid'}), /must be one of fast, slow, got '\$mid'/)
  })

  it('gives them also for what a variable has brought', () => {
    assert.deepEqual(fit({port: '80', url: '80'}, {port: '80', url: '80'}), {port: 80, url: '80'})
  })

  it('is taken as it is when it holds no reference', () => {
    const filled = {url: '$HOME'}
    assert.equal(fit({url: '$$HOME'}, filled), filled)
  })
})
