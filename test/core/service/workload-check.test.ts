import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {newServiceRecord, type ServiceRecord} from '../../../src/core/service/record.js'
import {workloadCheck, type Sight} from '../../../src/core/service/workload-check.js'

const now = Date.parse('2026-01-01T00:01:00.000Z')
const unseen: Sight = {handle: undefined, seenAt: null, own: false, trouble: null}
const record = (fields: Partial<ServiceRecord>): ServiceRecord => ({...newServiceRecord(now - 5000), ...fields})
const exit = {code: 0, signal: null, at: '2026-01-01T00:00:30.000Z'}

describe('whether a workload is there', () => {
  it('is told by no record: one that is said to run counts only once it was looked for', () => {
    for (const state of ['Starting', 'Running', 'Unhealthy', 'SettingUp', 'Stopping', 'Restarting'] as const) {
      const {alive, verified, checkedAt, reason} = workloadCheck(record({state}), unseen, now)
      assert.deepEqual([alive, verified, checkedAt], [null, false, null], state)
      assert.match(reason, /has not been looked for/)
    }
  })

  it('is not known, with the reason, while its executor does not answer', () => {
    const check = workloadCheck(record({state: 'Running'}), {...unseen, trouble: 'it cannot be reached: no route'}, now)
    assert.deepEqual(check, {alive: null, verified: false, checkedAt: null, reason: 'it cannot be reached: no route'})
  })

  it('is seen in the table of processes, at this moment', () => {
    for (const alive of [true, false]) {
      const check = workloadCheck(
        record({state: 'Running'}),
        {...unseen, handle: {isAlive: () => alive}, seenAt: now - 1000},
        now,
      )
      assert.deepEqual([check.alive, check.verified, check.checkedAt], [alive, true, '2026-01-01T00:01:00.000Z'])
    }
  })

  it('of an executor elsewhere is as old as what was last heard of it, and not known before', () => {
    const running = record({state: 'Running'})
    const found = {...unseen, handle: {}, own: true}
    assert.deepEqual(workloadCheck(running, {...found, seenAt: now - 1000}, now), {
      ...{alive: true, verified: true, checkedAt: '2026-01-01T00:00:59.000Z', reason: 'it is watched'},
    })
    assert.equal(workloadCheck(running, found, now).verified, false)
  })

  it('is over for what has come to rest: that was seen before it was written down', () => {
    const stopped = workloadCheck(record({state: 'Stopped', exit}), unseen, now)
    assert.deepEqual([stopped.alive, stopped.verified, stopped.checkedAt], [false, true, exit.at])
    assert.equal(workloadCheck(record({state: 'NotStarted'}), unseen, now).alive, false)
    assert.equal(workloadCheck(record({state: 'Restarting', exit}), unseen, now).alive, false)
    assert.equal(workloadCheck(record({state: 'Starting'}), {...unseen, own: true}, now).alive, false)
  })

  it('is not known after a stop that failed', () => {
    const failure = {code: 'SERVICE_STOP_FAILED', hint: null} as const
    const check = workloadCheck(record({state: 'Failed', failure, reason: 'no permission'}), unseen, now)
    assert.deepEqual([check.alive, check.verified], [null, false])
    assert.match(check.reason, /no permission/)
  })
})
