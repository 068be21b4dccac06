import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {Semaphore} from '../../../src/core/base/semaphore.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

describe('semaphore', () => {
  it('lets so many in at a time, the rest in order', async () => {
    const clock = new FakeClock()
    const semaphore = new Semaphore(2)
    const begun: string[] = []
    let inside = 0
    let most = 0
    const jobs = [30, 10, 10, 10].map((ms, index) =>
      semaphore.run(async () => {
        begun.push(`${index} at ${clock.monotonic()}`)
        most = Math.max(most, (inside += 1))
        await clock.sleep(ms)
        inside -= 1
      }),
    )
    await clock.advance(100)
    await Promise.all(jobs)
    assert.equal(most, 2)
    assert.deepEqual(begun, ['0 at 0', '1 at 0', '2 at 10', '3 at 20'])
  })

  it('frees the place of a job that fails, and gives results', async () => {
    const semaphore = new Semaphore(1)
    const failed = semaphore.run(() => Promise.reject(new Error('broken')))
    const next = semaphore.run(() => Promise.resolve(7))
    await assert.rejects(failed, {message: 'broken'})
    assert.equal(await next, 7)
    assert.equal(await semaphore.run(() => Promise.resolve(8)), 8)
  })
})
