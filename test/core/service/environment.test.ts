import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {narrowEnvironment} from '../../../src/core/service/environment.js'

const caller = {PATH: '/bin', AWS_KEY: 'k', AWS_REGION: 'eu', 'a.b': '1', axb: '2', HARNESS_STATE_DIR: '/x', EMPTY: ''}

describe('narrowEnvironment', () => {
  it('gives everything but what is our own', () => {
    const {HARNESS_STATE_DIR: _own, ...rest} = caller
    assert.deepEqual(narrowEnvironment(caller, true), rest)
  })

  it('gives nothing when told so', () => {
    assert.deepEqual(narrowEnvironment(caller, false), {})
    assert.deepEqual(narrowEnvironment(caller, []), {})
  })

  it('gives whole names that match a pattern', () => {
    assert.deepEqual(narrowEnvironment(caller, ['PATH', 'AWS_*']), {PATH: '/bin', AWS_KEY: 'k', AWS_REGION: 'eu'})
    assert.deepEqual(narrowEnvironment(caller, ['PAT', 'WS_KEY', 'E']), {})
  })

  it('takes everything but the star literally', () => {
    assert.deepEqual(narrowEnvironment(caller, ['a.b']), {'a.b': '1'})
    assert.deepEqual(narrowEnvironment(caller, ['*PT*']), {EMPTY: ''})
    assert.deepEqual(narrowEnvironment(caller, ['(', '[A-Z]+', 'HARNESS_*']), {})
  })

  it('leaves out what has ! before it', () => {
    const caller = {PATH: '/bin', AWS_KEY: 'k', AWS_REGION: 'r'}
    assert.deepEqual(narrowEnvironment(caller, ['*', '!AWS_K*']), {PATH: '/bin', AWS_REGION: 'r'})
    assert.deepEqual(narrowEnvironment(caller, ['AWS_*', '!AWS_KEY']), {AWS_REGION: 'r'})
  })
})
