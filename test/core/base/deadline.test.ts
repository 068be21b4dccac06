import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {withDeadline} from '../../../src/core/base/deadline.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

const onTimeout = (): Error => new Error('too slow')

describe('deadline', () => {
  it('gives the result and leaves no timer', async () => {
    const clock = new FakeClock()
    assert.equal(await withDeadline(() => Promise.resolve(7), {clock, ms: 10, onTimeout}), 7)
    assert.equal(clock.pending, 0)
  })

  it('passes a failure on and leaves no timer', async () => {
    const clock = new FakeClock()
    await assert.rejects(
      withDeadline(() => Promise.reject(new Error('broken')), {clock, ms: 10, onTimeout}),
      {
        message: 'broken',
      },
    )
    assert.equal(clock.pending, 0)
  })

  it('rejects at the limit without waiting, and aborts the work with the same error', async () => {
    const clock = new FakeClock()
    let seen: AbortSignal | undefined
    const result = withDeadline(
      (signal) => {
        seen = signal
        return new Promise(() => undefined)
      },
      {clock, ms: 10, onTimeout},
    )
    const rejected = assert.rejects(result, {message: 'too slow'})
    await clock.advance(10)
    await rejected
    assert.equal((seen?.reason as Error).message, 'too slow')
  })

  it('forwards an abort from outside, before or meanwhile', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const never = (): Promise<never> => new Promise(() => undefined)
    const options = {clock, ms: 10, onTimeout, signal: controller.signal}
    const running = withDeadline(never, options)
    controller.abort(new Error('stopped'))
    await assert.rejects(running, {message: 'stopped'})
    await assert.rejects(withDeadline(never, options), {message: 'stopped'})
    assert.equal(clock.pending, 0)
  })

  it('takes no notice of work that fails after the limit', async () => {
    const clock = new FakeClock()
    const result = withDeadline(
      async () => {
        await clock.sleep(20)
        throw new Error('late')
      },
      {clock, ms: 10, onTimeout},
    )
    const rejected = assert.rejects(result, {message: 'too slow'})
    await clock.advance(30)
    await rejected
  })
})
