import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {orphanLines} from '../../src/cli/orphan-lines.js'
import {planLines} from '../../src/cli/plan-lines.js'
import {restartedSteps, restartLines} from '../../src/cli/restart-lines.js'
import {createStyle} from '../../src/cli/style.js'
import type {PlannedStep} from '../../src/core/protocol/notifications.js'

const style = createStyle(false)

function step(name: string, over: Partial<PlannedStep> = {}): PlannedStep {
  return {kind: 'service', name, action: 'start', cause: 'asked for', after: [], ...over}
}

describe('a plan', () => {
  it('is a line for each step, with its cause and what it waits for', () => {
    const steps = [
      step('seed', {kind: 'task', action: 'run', cause: 'needed by api'}),
      step('db', {action: 'keep', cause: 'runs already'}),
      step('api', {action: 'restart', cause: 'its definition changed', after: ['db', 'seed']}),
    ]
    assert.deepEqual(planLines(steps, style), [
      'ACTION   NAME  KIND     WHY                     AFTER',
      'run      seed  task     needed by api',
      'keep     db    service  runs already',
      'restart  api   service  its definition changed  db, seed',
    ])
    assert.deepEqual(planLines([step('db')], style), ['ACTION  NAME  WHY', 'start   db    asked for'])
  })

  it('without a step says so', () => {
    assert.deepEqual(planLines([], style), ['There is nothing to do.'])
  })
})

describe('what a restart says', () => {
  const plan = [
    step('db', {action: 'restart'}),
    step('cache', {action: 'restart'}),
    step('api', {action: 'restart', cause: 'restarts with db'}),
    step('web', {action: 'restart', cause: 'its definition changed'}),
    step('late', {action: 'restart', cause: 'restarts with db'}),
    step('new'),
  ]
  const outcome = {started: ['db', 'cache', 'api', 'web', 'new'], pending: ['late']}

  it('names what was restarted, what along with what, and what was edited', () => {
    assert.deepEqual(restartLines(plan, outcome), [
      'Restarted db, cache.',
      'Restarted with db: api, late.',
      'Restarted web: its definition changed.',
    ])
  })

  it('leaves out what failed, and is data for programs', () => {
    assert.deepEqual(restartedSteps(plan, {started: ['api'], pending: []}), [{name: 'api', cause: 'restarts with db'}])
    assert.deepEqual(restartLines(plan, {started: [], pending: []}), [])
  })
})

describe('what is said of orphans', () => {
  it('is one line with the command that stops them, or nothing', () => {
    assert.deepEqual(orphanLines([]), [])
    assert.deepEqual(orphanLines(['old']), [
      'old runs and is not in the file any more. `harness apply --remove-orphans` stops it.',
    ])
    assert.deepEqual(orphanLines(['a', 'b']), [
      'a, b run and are not in the file any more. `harness apply --remove-orphans` stops them.',
    ])
  })
})
