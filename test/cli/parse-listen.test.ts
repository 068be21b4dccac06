import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseListen} from '../../src/cli/parse-listen.js'

describe('--listen', () => {
  it('is that address exactly, or the usual one with a way out', () => {
    assert.deepEqual(parseListen('127.0.0.1:7000'), {host: '127.0.0.1', port: 7000, exact: true})
    assert.deepEqual(parseListen('[::1]:7000'), {host: '::1', port: 7000, exact: true})
    assert.deepEqual(parseListen(undefined), {host: '127.0.0.1', port: 9443, exact: false})
  })

  it('is wrong usage in any other form', () => {
    for (const text of ['', '7000', 'localhost:', 'a:b:1', '127.0.0.1:70000']) {
      assert.throws(() => parseListen(text), {code: 'USAGE'}, text)
    }
  })
})
