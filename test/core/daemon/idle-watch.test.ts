import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {IdleWatch} from '../../../src/core/daemon/idle-watch.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

function watched(idle = true) {
  const clock = new FakeClock()
  const state = {idle, ended: 0}
  const watch = new IdleWatch({
    clock,
    ms: 5000,
    isIdle: () => state.idle,
    onIdle: () => {
      state.ended += 1
    },
  })
  const become = (now: boolean): void => {
    state.idle = now
    watch.changed()
  }
  return {clock, state, watch, become}
}

describe('IdleWatch', () => {
  it('calls back when nothing has happened from the beginning', async () => {
    const {clock, state} = watched()
    await clock.advance(4999)
    assert.equal(state.ended, 0)
    await clock.advance(1)
    assert.equal(state.ended, 1)
  })

  it('counts anew after each piece of work', async () => {
    const {clock, state, become} = watched()
    await clock.advance(4000)
    become(false)
    await clock.advance(60_000)
    assert.equal(state.ended, 0)
    become(true)
    await clock.advance(4999)
    assert.equal(state.ended, 0)
    await clock.advance(1)
    assert.equal(state.ended, 1)
  })

  it('takes no notice of news while it is idle', async () => {
    const {clock, state, become} = watched()
    await clock.advance(3000)
    become(true)
    await clock.advance(2000)
    assert.equal(state.ended, 1)
  })

  it('looks again before it calls back, and not at all once disposed of', async () => {
    const {clock, state, watch, become} = watched()
    state.idle = false
    await clock.advance(5000)
    assert.equal(state.ended, 0)
    become(true)
    watch[Symbol.dispose]()
    await clock.advance(60_000)
    assert.deepEqual([state.ended, clock.pending], [0, 0])
  })
})
