import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {StackDefinition} from '../../../src/core/contract/stack.js'
import {formatPlan, type Plan} from '../../../src/core/service/plan.js'
import {planStart} from '../../../src/core/service/plan-start.js'
import {dependenciesIn, nodeKey} from '../../../src/core/service/stack-graph.js'
import {randomAcyclicGraph} from '../dag/random-graph.js'
import {graphOf, observed} from './definitions.js'

const shop = graphOf({api: ['db', 'task seed'], db: [], worker: ['api:started']}, {seed: ['db']})

function plan(
  definition: StackDefinition,
  services: readonly string[],
  options: {
    states?: Parameters<typeof observed>[1]
    restart?: boolean
    tasks?: readonly string[]
    resume?: boolean
  } = {},
): Plan {
  const {states, restart = false, tasks = [], resume = false} = options
  return planStart(definition, observed(definition, states), {services, tasks, restart, resume})
}

/** Each step comes after everything it waits for, and waits for every edge unless it is kept. */
function assertOrder(definition: StackDefinition, {steps}: Plan): void {
  const seen = new Set<string>()
  for (const step of steps) {
    for (const {key} of step.after) assert.ok(seen.has(key), `${step.name} comes before ${key}`)
    const edges = dependenciesIn(definition, step.key).map((edge) => nodeKey(edge.kind, edge.name))
    assert.deepEqual(
      step.after.map(({key}) => key),
      step.action === 'keep' ? [] : edges,
    )
    assert.ok(!seen.has(step.key), `${step.key} stands there twice`)
    seen.add(step.key)
  }
}

describe('planStart', () => {
  it('puts dependencies first, with the condition and the cause of each step', () => {
    assert.equal(
      formatPlan(plan(shop, ['worker'])),
      [
        'start service db (needed by api)',
        'run task seed after db ready (needed by api)',
        'start service api after db ready, seed succeeded (needed by worker)',
        'start service worker after api started (asked for)',
      ].join('\n'),
    )
  })

  it('keeps what runs, and runs a task only for something that is not kept', () => {
    const states = {db: 'Running', api: 'Unhealthy', worker: 'Failed'} as const
    assert.equal(
      formatPlan(plan(shop, ['worker'], {states})),
      [
        'keep service db (runs already)',
        'keep service api (runs already)',
        'start service worker after api started (asked for)',
      ].join('\n'),
    )
  })

  it('restarts what runs with another definition, and leaves a back-off alone', () => {
    const states = {db: 'Running changed', api: 'Restarting'} as const
    assert.equal(
      formatPlan(plan(shop, ['api'], {states})),
      ['restart service db (its definition changed)', 'keep service api (runs already)'].join('\n'),
    )
  })

  it('restarts only what was asked for', () => {
    const states = {db: 'Running', api: 'Running', seed: 'Succeeded'} as const
    assert.equal(
      formatPlan(plan(shop, ['api'], {states, restart: true})),
      [
        'keep service db (runs already)',
        'run task seed after db ready (needed by api)',
        'restart service api after db ready, seed succeeded (asked for)',
      ].join('\n'),
    )
    assert.match(formatPlan(plan(shop, ['db'], {states: {db: 'Failed'}, restart: true})), /^start service db/)
  })

  it('does done tasks again for a new request, and not when it goes on with an old one', () => {
    const states = {db: 'Running', seed: 'Skipped'} as const
    assert.match(formatPlan(plan(shop, ['api'], {states})), /^run task seed/m)
    assert.match(formatPlan(plan(shop, ['api'], {states, resume: true})), /^keep task seed \(done already\)$/m)
    assert.match(formatPlan(plan(shop, [], {states, tasks: ['seed']})), /^run task seed after db ready \(asked for\)$/m)
  })

  it('leaves out what is optional and not there', () => {
    const definition = graphOf({api: ['ghost', 'task gone']})
    assert.equal(formatPlan(plan(definition, ['api'])), 'start service api (asked for)')
  })

  it('is the same text twice for 500 services in 10 layers', () => {
    const names = Array.from({length: 500}, (_, index) => `s${index}`)
    const definition = graphOf(
      Object.fromEntries(
        names.map((name, index) => [name, index < 50 ? [] : [`s${index - 50}`, `s${index - (index % 50) - 1}`]]),
      ),
    )
    const first = plan(definition, names)
    assert.equal(first.steps.length, 500)
    assert.equal(formatPlan(plan(structuredClone(definition), names)), formatPlan(first))
    assertOrder(definition, first)
  })

  it('keeps its promises for any graph and any state', () => {
    const states = ['NotStarted', 'Running', 'Running changed', 'Failed', 'Restarting', 'Stopped'] as const
    for (let seed = 0; seed < 200; seed += 1) {
      const graph = randomAcyclicGraph(seed)
      const definition = graphOf(
        Object.fromEntries([...graph].map(([node, edges]) => [`s${node}`, edges.map((each) => `s${each}`)])),
      )
      const mixed = Object.fromEntries(
        [...graph.keys()].map((node) => [`s${node}`, states[(node * 7 + seed) % states.length] ?? 'Running']),
      )
      const names = [...graph.keys()].filter((node) => (node + seed) % 3 === 0).map((node) => `s${node}`)
      const result = plan(definition, names, {states: mixed})
      assertOrder(definition, result)
      for (const name of names) assert.ok(result.steps.some((step) => step.name === name))
      assert.deepEqual(plan(definition, names, {states: mixed}), result)
    }
  })
})
