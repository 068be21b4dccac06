import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {backOffDelay} from '../../../src/core/base/retry.js'

const policy = {delayMs: 1000, factor: 2, maxDelayMs: 60_000, jitter: 0.1}

describe('back-off', () => {
  it('doubles up to the limit', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7].map((retry) => backOffDelay(policy, retry, () => 0.5))
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  })

  it('is spread both ways by the jitter', () => {
    assert.equal(
      backOffDelay(policy, 0, () => 0),
      900,
    )
    assert.equal(
      backOffDelay(policy, 0, () => 1),
      1100,
    )
    for (let run = 0; run < 100; run += 1) {
      const delay = backOffDelay(policy, 2)
      assert.ok(delay >= 3600 && delay <= 4400, String(delay))
    }
  })

  it('stays a number after very many retries', () => {
    assert.equal(
      backOffDelay(policy, 100_000, () => 0.5),
      60_000,
    )
    assert.equal(
      backOffDelay({...policy, delayMs: 0}, 100_000, () => 0.5),
      0,
    )
  })

  it('is never negative', () => {
    assert.equal(
      backOffDelay({...policy, jitter: 2}, 0, () => 0),
      0,
    )
  })
})
