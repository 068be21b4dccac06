import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {statusFits} from '../../../../src/core/health/probes/expected-status.js'

describe('expected status', () => {
  const cases: readonly [expected: string, status: number, fits: boolean][] = [
    ['200', 200, true],
    ['200', 201, false],
    ['200-299', 204, true],
    ['200-299', 300, false],
    ['200,204', 204, true],
    ['200, 301-302', 302, true],
    ['200, 301-302', 303, false],
    ['2xx', 200, false],
    ['', 0, false],
  ]
  for (const [expected, status, fits] of cases) {
    it(`'${expected}' ${fits ? 'takes' : 'refuses'} ${status}`, () => {
      assert.equal(statusFits(expected, status), fits)
    })
  }
})
