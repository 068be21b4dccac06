import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ExitStatus} from '../../../src/core/contract/command.js'
import type {RestartPolicy} from '../../../src/core/contract/stack.js'
import {decideAfterExit, type EndedAttempt} from '../../../src/core/service/exit-decision.js'
import {noRestart} from './definitions.js'

const exit = (code: number): ExitStatus => ({by: 'code', code})

function decide(policy: Partial<RestartPolicy>, more: Partial<EndedAttempt> = {}) {
  const ended = {
    status: exit(1),
    policy: {...noRestart, ...policy},
    successExitCodes: [0],
    successSignals: [],
    restarts: [],
    runningMs: 0,
    now: 1_000_000,
  }
  return decideAfterExit({...ended, ...more}, () => 0.5)
}

/** Crashes at once again and again; answers the delays until it is given up, and the last reason. */
function crashes(policy: Partial<RestartPolicy>) {
  const delays: number[] = []
  let now = 1_000_000
  let restarts: readonly number[] = []
  for (;;) {
    const decision = decide(policy, {restarts, now})
    if (decision.kind !== 'retry') return {delays, reason: decision.reason}
    delays.push(decision.delayMs / 1000)
    restarts = decision.restarts
    now += decision.delayMs
    if (delays.length === 50) return {delays, reason: ''}
  }
}

describe('decideAfterExit', () => {
  it('without a policy: done after a success code, failed after anything else', () => {
    assert.deepEqual(decide({}, {status: exit(0)}), {kind: 'done', reason: 'exit 0'})
    assert.deepEqual(decide({}, {status: exit(3), successExitCodes: [0, 3]}), {kind: 'done', reason: 'exit 3'})
    assert.deepEqual(decide({}), {kind: 'failed', reason: 'exit 1'})
  })

  it('takes death by a signal and an end unseen for failures, never for exit 0', () => {
    const killed = {by: 'signal', signal: 'SIGTERM'} as const
    assert.deepEqual(decide({}, {status: killed}), {kind: 'failed', reason: 'killed by SIGTERM'})
    assert.deepEqual(decide({}, {status: {by: 'lost', reason: 'its watcher was killed'}}), {
      kind: 'failed',
      reason: 'ended unseen (its watcher was killed)',
    })
    assert.equal(decide({policy: 'on-failure'}, {status: killed}).kind, 'retry')
  })

  it('restarts by policy: on-failure only after a failure, always in any case', () => {
    assert.equal(decide({policy: 'on-failure'}, {status: exit(0)}).kind, 'done')
    assert.equal(decide({policy: 'on-failure'}).kind, 'retry')
    assert.equal(decide({policy: 'always'}, {status: exit(0)}).kind, 'retry')
  })

  it('waits 1, 2, 4 … seconds and then calls it a crash loop', () => {
    const {delays, reason} = crashes({policy: 'on-failure'})
    assert.deepEqual(delays, [1, 2, 4, 8, 16])
    assert.equal(reason, 'crash loop: 6 exits in 60 s, the last with exit 1')
  })

  it('never waits longer than the longest delay, and forgets restarts that have left the window', () => {
    const {delays} = crashes({policy: 'always', maxDelayMs: 10_000, maxAttempts: 100, windowMs: 3_600_000})
    assert.deepEqual(delays.slice(0, 7), [1, 2, 4, 8, 10, 10, 10])
    assert.equal(crashes({policy: 'always', delayMs: 30_000, factor: 1}).delays.length, 50)
  })

  it('adds at most the jitter to the delay, both ways', () => {
    const policy = {...noRestart, policy: 'always', jitter: 0.1} as const
    const ended = {
      status: exit(1),
      policy,
      successExitCodes: [0],
      successSignals: [],
      restarts: [],
      runningMs: 0,
      now: 0,
    }
    const delays = [0, 0.5, 1].map((random) => {
      const decision = decideAfterExit(ended, () => random)
      return decision.kind === 'retry' ? decision.delayMs : 0
    })
    assert.deepEqual(delays, [900, 1000, 1100])
  })

  it('begins anew once it has run long enough', () => {
    const restarts = [999_000, 999_100, 999_200, 999_300, 999_400]
    assert.equal(decide({policy: 'always'}, {restarts}).kind, 'failed')
    const decision = decide({policy: 'always'}, {restarts, runningMs: 60_000})
    assert.deepEqual(decision, {kind: 'retry', reason: 'exit 1', delayMs: 1000, restarts: [1_000_000]})
  })

  it('with no attempts allowed fails at once', () => {
    const reason = 'crash loop: 1 exits in 60 s, the last with exit 1'
    assert.deepEqual(decide({policy: 'always', maxAttempts: 0}), {kind: 'failed', reason})
  })
})
