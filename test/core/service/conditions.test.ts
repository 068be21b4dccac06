import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {TaskState} from '../../../src/core/contract/service-state.js'
import type {DependencyCondition} from '../../../src/core/contract/stack.js'
import {evaluate, type ServiceView, type TaskView, type Verdict} from '../../../src/core/service/conditions.js'

const conditions = ['started', 'ready', 'completed', 'succeeded'] as const

const service = (view: Partial<ServiceView>): ServiceView => ({
  kind: 'service',
  state: 'NotStarted',
  ended: false,
  endedWell: false,
  wasReady: true,
  launched: false,
  overdue: false,
  fellBack: false,
  reason: null,
  blockedBy: null,
  ...view,
})
const task = (state: TaskState, more: Partial<TaskView> = {}): TaskView => ({
  kind: 'task',
  state,
  reason: null,
  blockedBy: null,
  ...more,
})
const short = (verdict: Verdict): string => (verdict.is === 'never' ? verdict.reason : verdict.is)

/** One word a condition, in the order started, ready, completed, succeeded. */
function verdicts(view: ServiceView | TaskView): Readonly<Record<DependencyCondition, string>> {
  const [started, ready, completed, succeeded] = conditions.map((condition) => short(evaluate(condition, view)))
  return {started: started ?? '', ready: ready ?? '', completed: completed ?? '', succeeded: succeeded ?? ''}
}

const all = (text: string): Readonly<Record<DependencyCondition, string>> => ({
  started: text,
  ready: text,
  completed: text,
  succeeded: text,
})

describe('conditions of a dependency', () => {
  it('does not call one ready of which nobody knows whether it is there', () => {
    const running = {state: 'Running', launched: true} as const
    const away = {is: 'never', reason: 'cannot be reached now'} as const
    const {started, ready} = verdicts(service({...running, inSight: away}))
    assert.deepEqual([started, ready], ['holds', 'cannot be reached now'])
    assert.equal(verdicts(service({...running, inSight: {is: 'pending'}})).ready, 'pending')
    assert.equal(verdicts(service({state: 'Starting', inSight: away})).ready, 'pending')
  })

  it('are open while a service may still get there', () => {
    assert.deepEqual(verdicts(service({state: 'NotStarted'})), all('pending'))
    assert.deepEqual(verdicts(service({state: 'Restarting', reason: 'exit 1'})), all('pending'))
  })

  it('need the workload of the present attempt for `started`, in every live state', () => {
    for (const state of ['Starting', 'SetupRequired', 'SettingUp', 'SetupComplete', 'Unhealthy'] as const) {
      assert.deepEqual(verdicts(service({state, launched: true})), {...all('pending'), started: 'holds'}, state)
    }
    assert.deepEqual(verdicts(service({state: 'Starting'})), all('pending'))
  })

  it('are ready only while Running, or after a good end', () => {
    assert.deepEqual(verdicts(service({state: 'Running', launched: true})), {
      started: 'holds',
      ready: 'holds',
      completed: 'pending',
      succeeded: 'pending',
    })
    assert.deepEqual(verdicts(service({state: 'Stopped', ended: true, endedWell: true, reason: 'exit 0'})), {
      started: 'ended (exit 0)',
      ready: 'holds',
      completed: 'holds',
      succeeded: 'holds',
    })
  })

  it('hold as completed after a bad end, and fail with its reason otherwise', () => {
    assert.deepEqual(verdicts(service({state: 'Failed', ended: true, reason: 'exit 1'})), {
      ...all('failed (exit 1)'),
      completed: 'holds',
    })
    assert.deepEqual(verdicts(service({state: 'Failed', reason: 'no such program'})), all('failed (no such program)'))
    assert.deepEqual(verdicts(service({state: 'Failed'})), all('failed'))
  })

  it('can never hold for what was stopped, is being stopped, or is blocked', () => {
    assert.deepEqual(verdicts(service({state: 'Stopped'})), all('was stopped'))
    assert.deepEqual(verdicts(service({state: 'Stopping'})), all('is being stopped'))
    const reason = "b needs service 'c', which failed (exit 1)"
    const blockedBy = {kind: 'service', name: 'c', reason} as const
    assert.deepEqual(verdicts(service({reason, blockedBy})), all(`is blocked (${reason})`))
    assert.deepEqual(verdicts(task('Blocked', {reason, blockedBy})), all(`is blocked (${reason})`))
  })

  it('do not wait for the readiness of what is overdue, but for its end', () => {
    assert.deepEqual(verdicts(service({state: 'Starting', launched: true, overdue: true})), {
      started: 'holds',
      ready: 'was not ready in time',
      completed: 'pending',
      succeeded: 'pending',
    })
  })

  it('of a task hold when it is done or skipped', () => {
    assert.deepEqual(verdicts(task('Succeeded')), all('holds'))
    assert.deepEqual(verdicts(task('Skipped')), all('holds'))
    assert.deepEqual(verdicts(task('Pending')), all('pending'))
    assert.deepEqual(verdicts(task('Running')), {...all('pending'), started: 'holds'})
  })

  it('of a failed task name why', () => {
    const {succeeded, completed} = verdicts(task('Failed', {reason: 'it exited with code 3, expected 0'}))
    assert.equal(succeeded, 'failed (it exited with code 3, expected 0)')
    assert.equal(completed, 'holds')
  })
})
