import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {rolledBack} from '../../src/cli/start-or-stop.js'
import {stillStarting, withPatience} from '../../src/cli/still-starting.js'
import {mayRun} from '../../src/cli/stop-begun.js'
import type {StartOutcome} from '../../src/core/contract/status.js'
import type {PlannedStep} from '../../src/core/protocol/notifications.js'
import {serviceStatus, taskStatus} from './fixtures.js'

const planned = (name: string, over: Partial<PlannedStep> = {}): PlannedStep => ({
  kind: 'service',
  name,
  action: 'start',
  cause: 'asked for',
  after: [],
  ...over,
})

describe('a start that takes too long', () => {
  it('names what is not done and why, with 4 as its exit code', () => {
    const failing = {ok: false, message: 'http 503', at: ''}
    const services = [
      serviceStatus({name: 'db', state: 'Starting', health: failing}),
      serviceStatus({name: 'api', state: 'NotStarted', attempt: 0, waitsFor: ['db']}),
      serviceStatus({name: 'once', state: 'Stopped', desired: 'down'}),
      serviceStatus({name: 'cache'}),
      serviceStatus({name: 'other', state: 'Stopped', attempt: 0}),
    ]
    const tasks = [taskStatus({state: 'Running'}), taskStatus({name: 'done'})]
    const plan = [
      ...['db', 'api', 'once', 'cache'].map((name) => planned(name)),
      ...['seed', 'done'].map((name) => planned(name, {kind: 'task', action: 'run'})),
    ]
    const error = stillStarting(plan, {stack: 'x', name: 'demo', file: '/x', services, tasks}, 2000)
    assert.equal(error.exit, 4)
    assert.equal(
      error.message,
      "Stack 'demo' is not whole: after 2.0 s these are not done: db (Starting: http 503), api (waits for db), seed (Running).",
    )
  })

  it('names what an earlier start began and is not done', () => {
    const services = [serviceStatus({name: 'db', state: 'Starting', health: null}), serviceStatus({name: 'cache'})]
    const plan = ['db', 'cache'].map((name) => planned(name, {action: 'keep'}))
    const error = stillStarting(plan, {stack: 'x', name: 'demo', file: '/x', services, tasks: []}, 2000)
    assert.match(error.message, /these are not done: db \(Starting\)\.$/)
  })

  it('is waited for no longer than patience lasts', async () => {
    assert.equal(await withPatience(Promise.resolve('done'), 1000), 'done')
    assert.equal(await withPatience(Promise.resolve('done'), undefined), 'done')
    assert.equal(await withPatience(new Promise(() => undefined), 1), undefined)
  })
})

describe('a start that was rolled back by its command', () => {
  const failure = {kind: 'service', reason: '', hint: '', exit: null, lastLines: []} as const
  const outcome: StartOutcome = {
    stack: 'x',
    started: ['db', 'kept'],
    failed: [
      {...failure, name: 'bad', code: 'SERVICE_EXITED'},
      {...failure, name: 'slow', code: 'CANCELLED'},
    ],
    blocked: [],
    pending: ['late'],
    unchanged: [],
    tasks: [],
    orphans: [],
    rolledBack: [],
  }

  it('counts what the command stopped as rolled back, not as failed', () => {
    const after = rolledBack(outcome, ['db', 'slow', 'late'])
    assert.deepEqual(after.started, ['kept'])
    assert.deepEqual(after.pending, [])
    assert.deepEqual(
      after.failed.map(({name}) => name),
      ['bad'],
    )
    assert.deepEqual(after.rolledBack, ['db', 'slow', 'late'])
    assert.equal(rolledBack(outcome, []), outcome)
  })
})

describe('whether something may still run', () => {
  it('counts what is wanted and has not begun, but not what is blocked', () => {
    const blockedBy = {kind: 'service', name: 'db', reason: 'failed'} as const
    assert.equal(mayRun(serviceStatus()), true)
    assert.equal(mayRun(serviceStatus({state: 'NotStarted', desired: 'up'})), true)
    assert.equal(mayRun(serviceStatus({state: 'NotStarted', desired: 'up', blockedBy})), false)
    assert.equal(mayRun(serviceStatus({state: 'Stopped', desired: 'down'})), false)
    assert.equal(mayRun(serviceStatus({state: 'Stopping', desired: 'down'})), true)
  })
})
