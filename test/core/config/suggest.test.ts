import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {didYouMean, suggest} from '../../../src/core/config/suggest.js'

const names = ['health_check', 'dependencies', 'env', 'ports', 'db']

describe('suggest', () => {
  it('finds the name that was meant', () => {
    for (const [given, meant] of [
      ['healthcheck', 'health_check'],
      ['health-check', 'health_check'],
      ['dependencis', 'dependencies'],
      ['port', 'ports'],
      ['prots', 'ports'],
      ['ENV', 'env'],
      ['bd', 'db'],
    ] as const) {
      assert.equal(suggest(given, names), meant)
    }
  })

  it('keeps silent when nothing is near', () => {
    for (const given of ['x', 'volumes', '', 'a'.repeat(10_000)]) assert.equal(didYouMean(given, names), undefined)
  })
})
