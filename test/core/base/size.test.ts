import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {formatSize, parseSize} from '../../../src/core/base/size.js'

describe('sizes', () => {
  it('are bytes, thousands or 1,024s', () => {
    const sizes = ['0', '512', '64KB', '10MB', '1.5 GB', '10mib', '4KiB', '2TB']
    assert.deepEqual(sizes.map(parseSize), [0, 512, 64_000, 10_000_000, 1_500_000_000, 10_485_760, 4096, 2e12])
  })

  it('are nothing else', () => {
    for (const text of ['', 'MB', '-1MB', '10 apples', '1e9', '10MBit', '9'.repeat(30)]) {
      assert.equal(parseSize(text), undefined, text)
    }
  })

  it('are written so that they can be read again', () => {
    assert.deepEqual([10_000_000, 64_000, 65_536, 1001, 1e9].map(formatSize), ['10MB', '64KB', '64KiB', '1001', '1GB'])
  })
})
