import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {guardExit} from '../../../src/core/plugin/guard-exit.js'

describe('exit guard', () => {
  it('turns process.exit into an error, and gives it back', () => {
    const original: unknown = Reflect.get(process, 'exit')
    const guard = guardExit()
    assert.throws(() => process.exit(3), {message: 'it called process.exit(3)'})
    assert.throws(() => process.exit(), {message: 'it called process.exit()'})
    guard[Symbol.dispose]()
    assert.equal(Reflect.get(process, 'exit'), original)
  })

  it('may overlap with another, in any order', () => {
    const original: unknown = Reflect.get(process, 'exit')
    const calls: unknown[] = []
    process.exit = ((code) => calls.push(code)) as typeof process.exit
    try {
      const first = guardExit()
      const second = guardExit()
      first[Symbol.dispose]()
      assert.throws(() => process.exit(1))
      second[Symbol.dispose]()
      process.exit(2)
      assert.deepEqual(calls, [2])
    } finally {
      process.exit = original as typeof process.exit
    }
  })
})
