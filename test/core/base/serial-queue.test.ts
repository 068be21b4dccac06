import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {SerialQueue} from '../../../src/core/base/serial-queue.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

describe('serial queue', () => {
  it('runs jobs one after another in order, however long each takes', async () => {
    const clock = new FakeClock()
    const queue = new SerialQueue()
    const log: string[] = []
    for (const [name, ms] of [
      ['a', 30],
      ['b', 10],
      ['c', 0],
    ] as const) {
      void queue.run(async () => {
        log.push(`${name} begins`)
        await clock.sleep(ms)
        log.push(`${name} ends`)
      })
    }
    await clock.advance(100)
    await queue.idle()
    assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('gives each its own result, and goes on after a failure', async () => {
    const queue = new SerialQueue()
    const failed = queue.run(() => {
      throw new Error('broken')
    })
    const next = queue.run(() => 7)
    await assert.rejects(failed, {message: 'broken'})
    assert.equal(await next, 7)
    await queue.idle()
  })
})
