import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ServiceState} from '../../../src/core/contract/service-state.js'
import type {ServiceView} from '../../../src/core/service/conditions.js'
import {whenSteady} from '../../../src/core/stack/settled.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

/** A service of which a test says how it goes on. */
function actor() {
  const listeners = new Set<() => void>()
  let state: ServiceState = 'Starting'
  const record = {attempt: 1, restartCount: 0}
  const view = (): ServiceView => ({
    kind: 'service',
    state,
    ended: false,
    endedWell: false,
    wasReady: true,
    launched: true,
    overdue: false,
    fellBack: false,
    reason: null,
    blockedBy: null,
  })
  return {
    record,
    view,
    listeners,
    onChange(listener: () => void): Disposable {
      listeners.add(listener)
      return {[Symbol.dispose]: () => void listeners.delete(listener)}
    },
    become(next: ServiceState): void {
      if (next === 'Restarting') record.restartCount += 1
      if (next === 'Starting') record.attempt += 1
      state = next
      for (const listener of [...listeners]) listener()
    },
  }
}

describe('a service that was started', () => {
  const begin = (patienceMs: number) => {
    const clock = new FakeClock()
    const service = actor()
    let answer: boolean | undefined
    void whenSteady(service, {clock, patienceMs}).then((steady) => (answer = steady))
    return {clock, service, answer: () => answer}
  }

  it('is steady once one attempt has held for a moment', async () => {
    const {clock, service, answer} = begin(60_000)
    await clock.advance(1000)
    service.become('Running')
    await clock.advance(150)
    assert.equal(answer(), undefined)
    await clock.advance(60)
    assert.equal(answer(), true)
    assert.equal(service.listeners.size, 0)
  })

  it('is not when it has ended and begun anew within that moment, until an attempt holds', async () => {
    const {clock, service, answer} = begin(60_000)
    for (let round = 0; round < 3; round += 1) {
      service.become('Running')
      await clock.advance(100)
      service.become('Restarting')
      await clock.advance(100)
      service.become('Starting')
      await clock.advance(10)
      assert.equal(answer(), undefined)
    }
    service.become('Running')
    await clock.advance(210)
    assert.equal(answer(), true)
  })

  it('is given up when it goes on like that, whether it gets ready in between or not', async () => {
    for (const ready of [true, false]) {
      const {clock, service, answer} = begin(1000)
      for (let round = 0; round < 20 && answer() === undefined; round += 1) {
        if (ready) service.become('Running')
        await clock.advance(40)
        service.become('Restarting')
        await clock.advance(40)
        service.become('Starting')
        await clock.advance(40)
      }
      assert.equal(answer(), false)
      assert.equal(service.listeners.size, 0)
    }
  })

  it('that is slow and was never restarted is not given up', async () => {
    const {clock, service, answer} = begin(1000)
    await clock.advance(5000)
    assert.equal(answer(), undefined)
    service.become('Running')
    await clock.advance(210)
    assert.equal(answer(), true)
  })
})
