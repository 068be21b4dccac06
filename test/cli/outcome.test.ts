import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {outcomeExit} from '../../src/cli/outcome.js'
import {outcomeLines} from '../../src/cli/print-outcome.js'
import {startSummary, withTrueHints} from '../../src/cli/print-start.js'
import {createStyle} from '../../src/cli/style.js'
import type {FailureReport} from '../../src/core/contract/status.js'

const failure = (over: Partial<FailureReport> = {}): FailureReport => ({
  kind: 'service',
  name: 'api',
  code: 'SERVICE_EXITED',
  reason: 'exited with code 3',
  hint: 'Run `harness logs api` to see what it printed.',
  exit: {code: 3, signal: null, at: ''},
  lastLines: ['one', 'two\x1B[2J'],
  ...over,
})
const blocked = {kind: 'service', name: 'web', by: 'api', reason: "web needs service 'api', which failed"} as const

const noExtras = {orphans: [], rolledBack: []}

describe('the exit code of an outcome', () => {
  it('is 0 when all went well', () => {
    assert.equal(outcomeExit({failed: [], blocked: []}), 0)
    assert.equal(outcomeExit({failed: []}), 0)
  })

  it('is 4 when a service failed or is blocked', () => {
    assert.equal(outcomeExit({failed: [failure()]}), 4)
    assert.equal(outcomeExit({failed: [], blocked: [blocked]}), 4)
  })

  it('is 5 only when nothing but executors failed', () => {
    const executor = failure({code: 'EXECUTOR_UNAVAILABLE'})
    assert.equal(outcomeExit({failed: [executor], blocked: [blocked]}), 5)
    assert.equal(outcomeExit({failed: [executor, failure()]}), 4)
    assert.equal(outcomeExit({failed: [failure({code: 'SOMETHING_NEW'})]}), 4)
  })
})

describe('the words for an outcome', () => {
  const lines = (...reports: FailureReport[]) => outcomeLines({failed: reports, blocked: [blocked]}, createStyle(false))

  it('give for each failure its reason, its last lines and what to type next', () => {
    assert.deepEqual(lines(failure()), [
      '',
      '✖ api failed: exited with code 3.',
      '  │ one',
      '  │ two',
      '  → Run `harness logs api` to see what it printed.',
      '',
      "◌ web is blocked: web needs service 'api', which failed.",
    ])
  })

  it('add the exit where the reason does not tell it', () => {
    assert.equal(lines(failure({reason: 'it ended'}))[1], '✖ api failed: it ended. (exit code 3)')
    const killed = failure({reason: 'it ended', exit: {code: 137, signal: 'SIGKILL', at: ''}})
    assert.equal(lines(killed)[1], '✖ api failed: it ended. (SIGKILL)')
  })

  it('sum up what happened', () => {
    const status = {stack: 'x', name: 'demo', file: '/x', services: [], tasks: []}
    const outcome = {
      stack: 'x',
      started: ['a', 'b'],
      failed: [],
      blocked: [],
      pending: [],
      unchanged: ['c'],
      tasks: [],
      ...noExtras,
    }
    assert.match(startSummary(outcome, status), /^demo: 2 started, 1 already running\. Try/)
    assert.match(
      startSummary({...outcome, failed: [failure()], blocked: [blocked]}, status),
      /1 failed, 1 blocked\. What started/,
    )
    const back = {...outcome, started: [], unchanged: [], failed: [failure()], rolledBack: ['a', 'b']}
    assert.equal(startSummary(back, status), 'demo: 1 failed, 2 rolled back.')
    const undone = {...back, failed: []}
    assert.equal(startSummary(undone, status), 'demo: 2 rolled back.')
  })

  it('do not send people to what was rolled back', () => {
    const overdue = failure({code: 'SERVICE_START_TIMEOUT', hint: 'It still runs for inspection.'})
    const outcome = {
      stack: 'x',
      started: [],
      failed: [overdue],
      blocked: [],
      pending: [],
      unchanged: [],
      tasks: [],
      ...noExtras,
    }
    assert.equal(withTrueHints(outcome).failed[0]?.hint, overdue.hint)
    const hint = withTrueHints({...outcome, rolledBack: ['api']}).failed[0]?.hint
    assert.equal(hint, 'Run `harness logs api` to see what it printed.')
  })
})
