import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {describe, it} from 'mocha'

import {apiFits, hostApi} from '../../../src/core/plugin/api-range.js'

describe('plugin API range', () => {
  const cases: readonly [range: string, version: string, fits: boolean | undefined][] = [
    ['^1.0', '1.0', true],
    ['^1.0', '1.7', true],
    ['^1.0.0', '1.7', true],
    ['^1.2', '1.1', false],
    ['^1', '1.3', true],
    ['^2.0', '1.9', false],
    ['^1.0', '2.0', false],
    ['1.x', '1.4', true],
    ['1', '1.4', true],
    ['1.0', '1.0', true],
    ['1.0', '1.1', false],
    ['^1.0 || ^2.0', '2.1', true],
    ['^1.0 || latest', '1.0', undefined],
    ['>=1.0', '1.0', undefined],
    ['~1.0', '1.0', undefined],
    ['', '1.0', undefined],
    ['*', '1.0', undefined],
    ['^1.0-beta', '1.0', undefined],
  ]
  for (const [range, version, fits] of cases) {
    it(`'${range}' ${fits === undefined ? 'is unknown' : fits ? 'takes' : 'refuses'} ${version}`, () => {
      assert.equal(apiFits(range, version), fits)
    })
  }

  it('is the one that package.json offers', async () => {
    const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
    assert.equal((JSON.parse(text) as {harness: {api: string}}).harness.api, hostApi)
  })
})
