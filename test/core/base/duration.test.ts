import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {formatDuration, parseDuration} from '../../../src/core/base/duration.js'

describe('reading a duration', () => {
  const cases: readonly [value: unknown, ms: number | undefined][] = [
    [5, 5000],
    [0, 0],
    [0.25, 250],
    ['5', 5000],
    ['1.5', 1500],
    ['250ms', 250],
    ['5s', 5000],
    [' 5s ', 5000],
    ['1m30s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['24d', 2_073_600_000],
    ['25d', undefined],
    [2_147_484, undefined],
    [-1, undefined],
    ['-1s', undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['1e309', undefined],
    ['9'.repeat(400), undefined],
    ['', undefined],
    ['5 s', undefined],
    ['5 seconds', undefined],
    ['s', undefined],
    ['1.s', undefined],
    [null, undefined],
    [true, undefined],
    [['5s'], undefined],
  ]
  for (const [value, ms] of cases) {
    it(`${JSON.stringify(value).slice(0, 20)} is ${ms === undefined ? 'refused' : `${ms} ms`}`, () => {
      assert.equal(parseDuration(value), ms)
    })
  }

  it('is quick with hostile text', () => {
    assert.equal(parseDuration(`${'1'.repeat(100_000)}x`), undefined)
    assert.equal(parseDuration(`${'1m'.repeat(50_000)}x`), undefined)
  })
})

describe('writing a duration', () => {
  const cases: readonly [ms: number, text: string][] = [
    [0, '0 ms'],
    [740, '740 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [3240, '3.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1m 0s'],
    [125_000, '2m 5s'],
    [3_599_600, '1h 0m'],
    [11_520_000, '3h 12m'],
    [86_399_000, '23h 59m'],
    [86_400_000, '1d 0h'],
    [352_800_000, '4d 2h'],
  ]
  for (const [ms, text] of cases) {
    it(`${ms} is ${text}`, () => {
      assert.equal(formatDuration(ms), text)
    })
  }
})
