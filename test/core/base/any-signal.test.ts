import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {anySignal} from '../../../src/core/base/any-signal.js'

describe('anySignal', () => {
  it('aborts with the first, with its reason', () => {
    const [one, other] = [new AbortController(), new AbortController()]
    using either = anySignal(one.signal, undefined, other.signal)
    other.abort(new Error('enough'))
    one.abort(new Error('too late'))
    assert.equal((either.signal.reason as Error).message, 'enough')
  })

  it('may be waited for by any number', async () => {
    const warnings: string[] = []
    const hear = ({message}: Error): void => void warnings.push(message)
    process.on('warning', hear)
    using either = anySignal(new AbortController().signal)
    for (let waiter = 0; waiter < 20; waiter += 1) either.signal.addEventListener('abort', () => undefined)
    await new Promise(setImmediate)
    process.off('warning', hear)
    assert.deepEqual(warnings, [])
  })
})
