import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {shownBytes, toBytes} from '../../../plugins/docker/src/sizes.js'

describe('sizes', () => {
  it('are read as the engine reads them', () => {
    const sizes = [7, '7', '7b', '2k', '512m', '1.5GiB', '1 g', '3KB'].map(toBytes)
    assert.deepEqual(sizes, [7, 7, 7, 2048, 512 * 1024 ** 2, 1.5 * 1024 ** 3, 1024 ** 3, 3072])
  })

  it('are shown short', () => {
    assert.deepEqual([999, 1500, 25_000, 12_345_678, 2e9].map(shownBytes), [
      '999 B',
      '1.5 kB',
      '25 kB',
      '12 MB',
      '2.0 GB',
    ])
  })
})
