import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {Lifetime} from '../../../src/core/base/lifetime.js'

describe('lifetime', () => {
  it('undoes in reverse, one after another, once', async () => {
    const undone: string[] = []
    const life = new Lifetime()
    life.defer(async () => {
      await Promise.resolve()
      undone.push('first')
    })
    life.use({[Symbol.dispose]: () => undone.push('second')})
    life.use({
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve()
        undone.push('third')
      },
    })
    await life[Symbol.asyncDispose]()
    await life[Symbol.asyncDispose]()
    assert.deepEqual(undone, ['third', 'second', 'first'])
  })

  it('goes on after an undo that fails, and throws its error at the end', async () => {
    const undone: string[] = []
    const life = new Lifetime()
    life.defer(() => undone.push('first'))
    life.defer(() => {
      throw new Error('stuck')
    })
    await assert.rejects(life[Symbol.asyncDispose](), {message: 'stuck'})
    assert.deepEqual(undone, ['first'])
  })

  it('throws several errors together', async () => {
    const life = new Lifetime()
    for (const text of ['a', 'b']) life.defer(() => Promise.reject(new Error(text)))
    await assert.rejects(life[Symbol.asyncDispose](), (error) => {
      assert.ok(error instanceof AggregateError)
      assert.deepEqual(
        (error.errors as Error[]).map(({message}) => message),
        ['b', 'a'],
      )
      return true
    })
  })

  it('hands its steps over', async () => {
    let undone = 0
    const life = new Lifetime()
    life.defer(() => (undone += 1))
    const kept = life.move()
    await life[Symbol.asyncDispose]()
    assert.equal(undone, 0)
    await kept[Symbol.asyncDispose]()
    assert.equal(undone, 1)
  })

  it('hands back what it takes over', () => {
    const resource = {[Symbol.dispose]: () => undefined}
    assert.equal(new Lifetime().use(resource), resource)
  })
})
