import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {jsonText} from '../../../src/core/base/json.js'
import {controls} from '../../support/hostile-names.js'

describe('JSON for a terminal', () => {
  it('has nothing in it that steers one, and is the same value', () => {
    const text = Array.from({length: 0x3000}, (_, code) => String.fromCharCode(code)).join('') + '\uD800\uFFF9'
    const value = {[text]: [text]}
    assert.deepEqual(JSON.parse(jsonText(value)), value)
    assert.equal(controls.test(jsonText(value)), false)
  })

  it('is indented where that is asked for', () => {
    assert.equal(jsonText({a: '\x9b'}, 2), '{\n  "a": "\\u009b"\n}')
  })
})
