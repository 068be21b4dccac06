import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {
  countResult,
  type HealthChange,
  type HealthPhase,
  type HealthTally,
} from '../../../src/core/health/thresholds.js'

/** Plays results (`+` a success, `-` a failure) and writes down each change behind the result that made it. */
function play(
  results: string,
  thresholds: {success: number; failure: number},
  phase: HealthPhase = 'starting',
): string {
  const initials: Readonly<Record<HealthChange, string>> = {ready: 'R', recovered: 'C', unhealthy: 'U'}
  let tally: HealthTally = {phase, streak: 0}
  let story = ''
  for (const result of results) {
    const counted = countResult(tally, result === '+', {
      successThreshold: thresholds.success,
      failureThreshold: thresholds.failure,
    })
    tally = counted.tally
    story += result + (counted.change === undefined ? '' : initials[counted.change])
  }
  return story
}

describe('health thresholds', () => {
  const cases: readonly {name: string; results: string; success: number; failure: number; story: string}[] = [
    {name: 'the first success makes it ready', results: '+', success: 1, failure: 3, story: '+R'},
    {name: 'more successes change nothing', results: '+++', success: 1, failure: 3, story: '+R++'},
    {
      name: 'failures before the first ready never count',
      results: '----------+',
      success: 1,
      failure: 3,
      story: '----------+R',
    },
    {name: 'success_threshold is honoured', results: '+++', success: 3, failure: 3, story: '+++R'},
    {name: 'a failure starts the successes again', results: '++-++-+++', success: 3, failure: 1, story: '++-++-+++R'},
    {name: 'failures in a row make it unhealthy', results: '+---', success: 1, failure: 3, story: '+R---U'},
    {name: 'a success resets the failures', results: '+--+--+--', success: 1, failure: 3, story: '+R--+--+--'},
    {name: 'unhealthy is said once', results: '+-----', success: 1, failure: 2, story: '+R--U---'},
    {name: 'it recovers', results: '+--+', success: 1, failure: 2, story: '+R--U+C'},
    {
      name: 'success_threshold counts for recovery too',
      results: '++--+-++',
      success: 2,
      failure: 2,
      story: '++R--U+-++C',
    },
    {name: 'after recovery failures count from nothing', results: '+-+-+-', success: 1, failure: 2, story: '+R-+-+-'},
    {name: 'a threshold of one is at once', results: '+-+-', success: 1, failure: 1, story: '+R-U+C-U'},
  ]
  for (const {name, results, success, failure, story} of cases) {
    it(`${name}: ${story}`, () => {
      assert.equal(play(results, {success, failure}), story)
    })
  }

  it('goes on from what was known before', () => {
    assert.equal(play('--', {success: 1, failure: 2}, 'healthy'), '--U')
    assert.equal(play('--+', {success: 1, failure: 2}, 'unhealthy'), '--+C')
  })
})
