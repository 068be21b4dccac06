import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {failsOneOf} from '../../../src/cli/foreground/service-events.js'
import {lateFailure} from '../../../src/cli/foreground/session-report.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {serviceStatus} from '../fixtures.js'

function moved(service: string, to: string): DaemonEvent {
  const status = serviceStatus({name: service})
  return {seq: 1, time: '', topic: 'service.state', stack: 'demo', service, from: 'Running', to, event: 'any', status}
}

describe('the failure of a service in a session', () => {
  it('is its move to Failed, not that of others, nor another move', () => {
    assert.equal(failsOneOf(moved('api', 'Failed'), 'demo', ['api']), true)
    assert.equal(failsOneOf(moved('api', 'Failed'), 'demo', ['db']), false)
    assert.equal(failsOneOf(moved('api', 'Failed'), 'other', ['api']), false)
    for (const to of ['Restarting', 'Stopped', 'Unhealthy'])
      assert.equal(failsOneOf(moved('api', to), 'demo', ['api']), false)
  })

  it('is told with its reason and what to type next', () => {
    const exit = {code: 7, signal: null, at: ''}
    const report = lateFailure(serviceStatus({name: 'api', reason: 'exited with code 7', exit}))
    assert.equal(report.reason, 'exited with code 7')
    assert.match(report.hint, /harness logs api/)
    assert.deepEqual(report.exit, exit)
  })
})
