import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {setupCheckMs, watchSetup, type AnySetup} from '../../../src/core/service/setup-run.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

describe('a setup that is done', () => {
  const context = () => ({}) as Parameters<AnySetup['isComplete']>[0]
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }

  it('is asked now and then, until it does not hold any more; what cannot be asked holds', async () => {
    const clock = new FakeClock()
    const answers: (boolean | Error)[] = [true, new Error('refused'), true, false]
    const setup: AnySetup = {
      isComplete: () => {
        const answer = answers.shift()
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer === true)
      },
      perform: () => assert.fail('it was performed'),
    }
    let lost = false
    const watching = watchSetup(setup, context, {clock, signal: new AbortController().signal}).then(() => {
      lost = true
    })
    for (const left of [3, 2, 1]) {
      await clock.advance(setupCheckMs)
      await turns()
      assert.deepEqual([answers.length, lost], [left, false])
    }
    await clock.advance(setupCheckMs)
    await watching
    assert.deepEqual([answers.length, lost], [0, true])
  })

  it('is asked no more when the service has ended', async () => {
    const clock = new FakeClock()
    const gone = new AbortController()
    const setup: AnySetup = {
      isComplete: () => assert.fail('it was asked'),
      perform: () => assert.fail('it was performed'),
    }
    const watching = watchSetup(setup, context, {clock, signal: gone.signal})
    gone.abort(new Error('ended'))
    await assert.rejects(watching, /ended/)
  })
})
