import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {HarnessError} from '../../../src/core/base/errors.js'
import {afterExit, startFailure} from '../../../src/core/service/after-exit.js'
import {newServiceRecord, type ServiceRecord} from '../../../src/core/service/record.js'
import {noRestart, shellService} from './definitions.js'

const now = Date.UTC(2026, 0, 1)
const running: ServiceRecord = {...newServiceRecord(now - 5000), desired: 'up', state: 'Running', attempt: 3}
const plain = shellService('true')
const always = shellService('true', {restart: {...noRestart, policy: 'always'}})

describe('afterExit', () => {
  it('ends a one-shot well, with its code', () => {
    const {event, fields, relaunchAt} = afterExit(running, plain, {by: 'code', code: 0}, now)
    assert.equal(event, 'exitedDone')
    assert.deepEqual(fields, {
      desired: 'down',
      exit: {code: 0, signal: null, at: '2026-01-01T00:00:00.000Z'},
      reason: 'exit 0',
      failure: null,
      overdue: false,
    })
    assert.equal(relaunchAt, undefined)
  })

  it('reports a signal as 128 + n', () => {
    const {event, fields} = afterExit(running, plain, {by: 'signal', signal: 'SIGKILL'}, now)
    assert.equal(event, 'exitedFinal')
    assert.deepEqual(fields.exit, {code: 137, signal: 'SIGKILL', at: '2026-01-01T00:00:00.000Z'})
    assert.deepEqual(fields.failure, {code: 'SERVICE_EXITED', hint: null})
  })

  it('backs off when the policy says so, and counts', () => {
    const {event, fields, relaunchAt} = afterExit(running, always, {by: 'code', code: 1}, now)
    assert.equal(event, 'exitedRetry')
    assert.equal(relaunchAt, now + 1000)
    assert.equal(fields.backoffUntil, now + 1000)
    assert.equal(fields.restartCount, 1)
    assert.deepEqual(fields.restarts, [now])
  })

  it('does not restart what the system refused to run, whatever the policy', () => {
    const status = {by: 'code', code: 126, startFailure: 'the system cannot run ./x: exec format error'} as const
    const {event, fields, relaunchAt} = afterExit({...running, state: 'Starting'}, always, status, now)
    assert.equal(event, 'exitedFinal')
    assert.equal(fields.reason, status.startFailure)
    assert.deepEqual(fields.failure, {code: 'SERVICE_START_FAILED', hint: null})
    assert.equal(relaunchAt, undefined)
  })

  it('starts again at once after a reboot what is to be up, without a policy', () => {
    const status = {by: 'lost', reason: 'the machine was started again', rebooted: true} as const
    assert.equal(afterExit(running, plain, status, now).relaunchAt, now)
    assert.equal(afterExit({...running, desired: 'down'}, plain, status, now).relaunchAt, undefined)
  })

  it('counts the time since it was ready towards the reset, also what of it was unhealthy', () => {
    const restarts = [now - 40_000, now - 30_000, now - 20_000, now - 10_000, now - 5000]
    const status = {by: 'code', code: 1} as const
    const after = (fields: Partial<ServiceRecord>) =>
      afterExit({...running, restarts, since: now - 70_000, ...fields}, always, status, now).event
    assert.equal(after({readyAt: now - 70_000}), 'exitedRetry')
    assert.equal(after({state: 'Unhealthy', since: now - 1000, readyAt: now - 70_000}), 'exitedRetry')
    assert.equal(after({state: 'Starting', readyAt: null}), 'exitedFinal')
  })
})

describe('startFailure', () => {
  it('keeps the code and the reason of an error of ours', () => {
    const busy = new HarnessError('PORT_BUSY', {subject: '80', reason: 'another process listens on it'})
    assert.equal(startFailure(busy).failure?.code, 'PORT_BUSY')
    const refused = new HarnessError('SERVICE_START_FAILED', {
      subject: 'a',
      reason: 'there is no program.',
      hint: 'Go.',
    })
    assert.deepEqual(startFailure(refused), {
      desired: 'down',
      reason: 'there is no program',
      failure: {code: 'SERVICE_START_FAILED', hint: 'Go.'},
    })
  })

  it('makes a start failure of anything else that was thrown', () => {
    assert.deepEqual(startFailure(new Error('spawn EAGAIN')), {
      desired: 'down',
      reason: 'spawn EAGAIN',
      failure: {code: 'SERVICE_START_FAILED', hint: null},
    })
  })
})
