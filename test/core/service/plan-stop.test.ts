import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {StackDefinition} from '../../../src/core/contract/stack.js'
import {formatPlan} from '../../../src/core/service/plan.js'
import {planStop, runningDependents} from '../../../src/core/service/plan-stop.js'
import {randomAcyclicGraph} from '../dag/random-graph.js'
import {graphOf, observed} from './definitions.js'

const shop = graphOf({api: ['task seed'], db: [], worker: ['api'], other: []}, {seed: ['db']})
const up = {api: 'Running', db: 'Running', worker: 'Restarting', other: 'Running'} as const

function stop(
  definition: StackDefinition,
  services: readonly string[],
  options: {states?: Parameters<typeof observed>[1]; withDependents?: boolean} = {},
) {
  const {states = up, withDependents = false} = options
  return planStop(definition, observed(definition, states), {services, withDependents})
}

describe('planStop', () => {
  it('puts dependents first, also through tasks', () => {
    assert.equal(
      formatPlan(stop(shop, ['db'], {withDependents: true})),
      [
        'stop service worker (needs what is stopped)',
        'stop service api (needs what is stopped)',
        'stop service db (asked for)',
      ].join('\n'),
    )
    const [, api, db] = stop(shop, ['db'], {withDependents: true}).steps
    assert.deepEqual(api?.after, [{key: 'service:worker', condition: 'completed'}])
    assert.deepEqual(db?.after.map(({key}) => key).sort(), ['service:api', 'service:worker'])
  })

  it('stops what was asked for alone, and says what does not run', () => {
    assert.equal(formatPlan(stop(shop, ['db'])), 'stop service db (asked for)')
    assert.equal(
      formatPlan(stop(shop, ['db', 'api'], {states: {api: 'Failed', db: 'Stopping'}})),
      ['keep service api (does not run)', 'stop service db (asked for)'].join('\n'),
    )
  })

  it('also stops what runs and is in the stack file no more', () => {
    const states = {...observed(shop, up)}
    const services = {
      ...states.services,
      gone: {state: 'Running', desired: 'up', failure: null, changed: false} as const,
    }
    const wish = {services: ['db', 'gone'], withDependents: true}
    assert.match(formatPlan(planStop(shop, {...states, services}, wish)), /^stop service gone \(asked for\)$/m)
  })

  it('tries once more to end what an earlier stop could not', () => {
    const states = observed(shop, {db: 'Failed'})
    const failure = {code: 'SERVICE_STOP_FAILED', hint: null} as const
    const db = {state: 'Failed', desired: 'down', failure, changed: false} as const
    const plan = planStop(
      shop,
      {...states, services: {...states.services, db}},
      {services: ['db'], withDependents: false},
    )
    assert.equal(formatPlan(plan), 'stop service db (asked for)')
  })

  it('names running dependents through everything in between', () => {
    assert.deepEqual(runningDependents(shop, observed(shop, up), ['db']), ['api', 'worker'])
    assert.deepEqual(runningDependents(shop, observed(shop, {...up, api: 'Stopped'}), ['db']), ['worker'])
    assert.deepEqual(runningDependents(shop, observed(shop, up), ['db', 'api', 'worker']), [])
  })

  it('never stops a service before what needs it, for any graph', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const graph = randomAcyclicGraph(seed)
      const definition = graphOf(
        Object.fromEntries([...graph].map(([node, edges]) => [`s${node}`, edges.map((each) => `s${each}`)])),
      )
      const names = Object.keys(definition.services)
      const states = Object.fromEntries(names.map((name) => [name, 'Running'] as const))
      const {steps} = stop(definition, names.slice(0, 3), {states, withDependents: true})
      const position = new Map(steps.map(({name}, index) => [name, index]))
      const pairs = [...graph].flatMap(([node, edges]) => edges.map((each) => [`s${node}`, `s${each}`] as const))
      for (const [dependent, dependency] of pairs) {
        const [earlier, later] = [position.get(dependent), position.get(dependency)]
        if (later === undefined) continue
        assert.ok(earlier !== undefined && earlier < later, `seed ${seed}: ${dependent} must stop before ${dependency}`)
      }
    }
  })

  it('plans the stop of 500 services quickly', () => {
    const names = Array.from({length: 500}, (_, index) => `s${index}`)
    const definition = graphOf(
      Object.fromEntries(names.map((name, index) => [name, index < 50 ? [] : [`s${index - 50}`]])),
    )
    const states = Object.fromEntries(names.map((name) => [name, 'Running'] as const))
    const began = performance.now()
    assert.equal(stop(definition, names, {states}).steps.length, 500)
    assert.ok(performance.now() - began < 1500, 'it took too long')
  })
})
