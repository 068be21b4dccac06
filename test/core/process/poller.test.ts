import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {createPoller} from '../../../src/core/process/poller.js'
import {eventually} from './temporary.js'

describe('a poller', () => {
  it('goes on for all when one check fails', async () => {
    const poller = createPoller(systemClock, 1)
    const seen = {failing: 0, fine: 0}
    using _failing = poller.add(() => {
      seen.failing += 1
      throw new Error('too many open files')
    })
    using _fine = poller.add(() => {
      seen.fine += 1
    })
    await eventually(() => seen.failing > 2 && seen.fine > 2)
    assert.ok(seen.failing >= seen.fine)
  })
})
