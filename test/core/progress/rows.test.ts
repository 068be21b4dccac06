import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {ProgressStep} from '../../../src/core/contract/status.js'
import {elapsedMs, nextRows, type ProgressRow} from '../../../src/core/progress/rows.js'
import type {PlannedStep} from '../../../src/core/protocol/notifications.js'

const planned = (name: string, over: Partial<PlannedStep> = {}): PlannedStep => ({
  kind: 'service',
  name,
  action: 'start',
  cause: 'asked for',
  after: [],
  ...over,
})

const step = (name: string, state: ProgressStep['state'], second: number, over: Partial<ProgressStep> = {}) => ({
  id: 1,
  step: {
    kind: 'service',
    name,
    state,
    waitsFor: [],
    message: null,
    trouble: null,
    at: new Date(second * 1000).toISOString(),
    ...over,
  } satisfies ProgressStep,
})

/** The row of `api` after these steps. */
function api(plan: Partial<PlannedStep>, ...steps: ReturnType<typeof step>[]): ProgressRow {
  let rows = nextRows([], {id: 1, plan: [planned('api', plan)]})
  for (const each of steps) rows = nextRows(rows, each)
  return rows[0]!
}

describe('progress rows', () => {
  it('begin as the plan has them: waiting, or running already', () => {
    const rows = nextRows([], {id: 1, plan: [planned('db', {action: 'keep'}), planned('api', {after: ['db']})]})
    assert.deepEqual(
      rows.map(({name, phase, waitsFor, state}) => ({name, phase, waitsFor, state})),
      [
        {name: 'db', phase: 'kept', waitsFor: [], state: null},
        {name: 'api', phase: 'waiting', waitsFor: ['db'], state: null},
      ],
    )
  })

  it('count the time from the first work to the end, and stop counting there', () => {
    const waiting = api({}, step('api', 'NotStarted', 1, {waitsFor: ['db']}))
    assert.equal(elapsedMs(waiting, 9000), undefined)
    const busy = api({}, step('api', 'NotStarted', 1, {waitsFor: ['db']}), step('api', 'Starting', 5))
    assert.equal(busy.phase, 'busy')
    assert.equal(elapsedMs(busy, 9000), 4000)
    const done = api({}, step('api', 'Starting', 5), step('api', 'Running', 7))
    assert.equal(done.phase, 'done')
    assert.equal(elapsedMs(done, 99_000), 2000)
  })

  it('carry the last words of a probe', () => {
    const row = api({}, step('api', 'Starting', 1), step('api', 'Starting', 2, {message: 'refused'}))
    assert.equal(row.message, 'refused')
  })

  it('fail with the reason, and go on when the restart policy tries again', () => {
    const failed = api({}, step('api', 'Starting', 1), step('api', 'Failed', 2, {message: 'exited with code 1'}))
    assert.equal(failed.phase, 'bad')
    assert.equal(elapsedMs(failed, 99_000), 1000)
    const again = api({}, step('api', 'Starting', 1), step('api', 'Restarting', 2), step('api', 'Starting', 3))
    assert.equal(again.phase, 'busy')
    assert.equal(elapsedMs(again, 5000), 4000)
  })

  it('keep what they wait for until the wait is over', () => {
    const row = api({after: ['db']}, step('api', 'NotStarted', 1), step('api', 'NotStarted', 1, {waitsFor: ['db']}))
    assert.deepEqual(row.waitsFor, ['db'])
    assert.deepEqual(api({after: ['db']}, step('api', 'NotStarted', 1)).waitsFor, ['db'])
  })

  it('take an old state for waiting until work begins', () => {
    assert.equal(api({}, step('api', 'Stopped', 1, {waitsFor: ['db']})).phase, 'waiting')
    assert.equal(api({}, step('api', 'Failed', 1, {message: 'exited with code 1'})).phase, 'waiting')
  })

  it('show one that is blocked as settled, without a time', () => {
    const row = api(
      {},
      step('api', 'NotStarted', 3, {message: "api needs service 'db', which failed", trouble: 'blocked'}),
    )
    assert.equal(row.phase, 'bad')
    assert.equal(elapsedMs(row, 9000), undefined)
  })

  it('pass through Stopped on a restart', () => {
    const stopped = api({action: 'restart'}, step('api', 'Stopping', 1), step('api', 'Stopped', 2))
    assert.equal(stopped.phase, 'busy')
    const running = api(
      {action: 'restart'},
      step('api', 'Stopping', 1),
      step('api', 'Stopped', 2),
      step('api', 'Starting', 2),
      step('api', 'Running', 3),
    )
    assert.equal(running.phase, 'done')
    assert.equal(elapsedMs(running, 9000), 2000)
  })

  it('count Running as not yet, and Stopped as done, on a stop', () => {
    assert.equal(api({action: 'stop'}, step('api', 'Running', 1)).phase, 'waiting')
    assert.equal(api({action: 'stop'}, step('api', 'Starting', 1)).phase, 'waiting')
    assert.equal(api({action: 'stop'}, step('api', 'Stopping', 1)).phase, 'busy')
    assert.equal(api({action: 'stop'}, step('api', 'Starting', 1, {trouble: 'overdue'})).phase, 'waiting')
    assert.equal(api({action: 'stop'}, step('api', 'Stopping', 1, {trouble: 'overdue'})).phase, 'busy')
    assert.equal(api({action: 'stop'}, step('api', 'Stopping', 1), step('api', 'Stopped', 2)).phase, 'done')
  })

  it('tell a task from a service of the same name, and take in what no plan named', () => {
    let rows = nextRows([], {id: 1, plan: [planned('seed')]})
    rows = nextRows(rows, step('seed', 'Succeeded', 1, {kind: 'task'}))
    assert.deepEqual(
      rows.map(({kind, phase}) => [kind, phase]),
      [
        ['service', 'waiting'],
        ['task', 'done'],
      ],
    )
  })
})
