import {strict as assert} from 'node:assert'
import {describe, it} from 'mocha'
import {socketLimits} from '../../../src/core/transport/socket-limits.js'

describe('socketLimits', () => {
  it('leave half of the files that may be open to everything else', () => {
    assert.deepEqual(socketLimits(256), {clients: 64, waiting: 64})
    assert.deepEqual(socketLimits(1), {clients: 1, waiting: 1})
  })

  it('are those of the protocol where there is room', () => {
    assert.deepEqual(socketLimits(1_048_576), {clients: 512, waiting: 1024})
    assert.deepEqual(socketLimits(Infinity), {clients: 512, waiting: 1024})
    assert.ok(socketLimits().clients > 0)
  })
})
