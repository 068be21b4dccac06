import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {exitFromEvent, failureExit} from '../../../src/cli/foreground/service-exit.js'
import type {ServiceStatus} from '../../../src/core/contract/status.js'
import type {DaemonEvent} from '../../../src/core/protocol/notifications.js'
import {serviceStatus} from '../fixtures.js'

const target = {stack: 'demo', service: 'tests', after: 1}

function moved(to: string, event: string, over: Partial<ServiceStatus> = {}): DaemonEvent {
  const status = serviceStatus({name: 'tests', attempt: 2, ...over})
  return {seq: 1, time: '', topic: 'service.state', stack: 'demo', service: 'tests', from: 'Running', to, event, status}
}

const exited = (code: number | null, signal: string | null = null) => ({exit: {code, signal, at: ''}})

describe('the exit code from a service', () => {
  it('is its own when it ends by itself, 128 and the number for a signal', () => {
    assert.equal(exitFromEvent(moved('Stopped', 'exitedDone', exited(0)), target), 0)
    assert.equal(exitFromEvent(moved('Failed', 'exitedFinal', exited(3)), target), 3)
    assert.equal(exitFromEvent(moved('Failed', 'exitedFinal', exited(139, 'SIGSEGV')), target), 139)
    assert.equal(exitFromEvent(moved('Failed', 'giveUp', exited(1)), target), 1)
  })

  it('is 4 when somebody else stops it, or it fails without a code that says so', () => {
    assert.equal(exitFromEvent(moved('Stopping', 'stop'), target), 4)
    assert.equal(exitFromEvent(moved('Stopped', 'stopped', exited(0)), target), 4)
    assert.equal(exitFromEvent(moved('Failed', 'exitedFinal', exited(0)), target), 4)
    assert.equal(exitFromEvent(moved('Failed', 'timeout', exited(9)), target), 4)
    assert.equal(failureExit(null), 4)
  })

  it('is not there yet while it starts, runs and is restarted', () => {
    for (const to of ['Starting', 'Running', 'Restarting', 'Unhealthy'])
      assert.equal(exitFromEvent(moved(to, 'any'), target), undefined)
  })

  it('does not come from others, nor from an earlier attempt', () => {
    const end = moved('Failed', 'exitedFinal', exited(3))
    assert.equal(exitFromEvent(end, {...target, service: 'other'}), undefined)
    assert.equal(exitFromEvent(end, {...target, stack: 'other'}), undefined)
    assert.equal(exitFromEvent(end, {...target, after: 2}), undefined)
    assert.equal(
      exitFromEvent({seq: 1, time: '', topic: 'stack.loaded', stack: 'demo', name: 'demo'}, target),
      undefined,
    )
  })
})
