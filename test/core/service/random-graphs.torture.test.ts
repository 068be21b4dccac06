import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {Semaphore} from '../../../src/core/base/semaphore.js'
import {checkGraph} from '../../../src/core/config/check-graph.js'
import {dependentsOf} from '../../../src/core/dag/reach.js'
import type {BlockedBy} from '../../../src/core/contract/status.js'
import type {NodeView, ServiceView} from '../../../src/core/service/conditions.js'
import type {Plan, PlanAction, StepResult} from '../../../src/core/service/plan.js'
import {planStart} from '../../../src/core/service/plan-start.js'
import {planStop} from '../../../src/core/service/plan-stop.js'
import {runPlan, type PlanNode} from '../../../src/core/service/run-plan.js'
import {dependenciesIn, nodeKey, stackGraph, type NodeKey} from '../../../src/core/service/stack-graph.js'
import {randomAcyclicGraph, randomGraph, seededRandom} from '../dag/random-graph.js'
import {graphOf, observed} from './definitions.js'

const graphs = 1000

const definitionOf = (graph: ReadonlyMap<number, readonly number[]>) =>
  graphOf(Object.fromEntries([...graph].map(([node, edges]) => [`s${node}`, edges.map((each) => `s${each}`)])))

const idle: ServiceView = {
  kind: 'service',
  state: 'NotStarted',
  ended: false,
  endedWell: false,
  wasReady: true,
  launched: false,
  overdue: false,
  fellBack: false,
  reason: null,
  blockedBy: null,
}

/** Services without workloads: each comes up, or fails, after a random number of turns. */
class Actor implements PlanNode {
  private current: NodeView = idle
  private readonly listeners = new Set<() => void>()

  constructor(
    readonly key: NodeKey,
    private readonly fails: boolean,
    private readonly log: string[],
    private readonly random: () => number,
  ) {}

  view(): NodeView {
    return this.current
  }

  onChange(listener: () => void): Disposable {
    this.listeners.add(listener)
    return {[Symbol.dispose]: () => void this.listeners.delete(listener)}
  }

  async act(action: PlanAction): Promise<StepResult> {
    this.log.push(`${action} ${this.key}`)
    for (let turn = this.random() * 4; turn > 1; turn -= 1) await Promise.resolve()
    if (action === 'stop') this.become({state: 'Stopped'})
    else if (this.fails) this.become({state: 'Failed', ended: true, reason: 'exit 1'})
    else this.become({state: 'Running', launched: true})
    return 'acted'
  }

  block(by: BlockedBy): Promise<void> {
    this.log.push(`block ${this.key}`)
    this.become({blockedBy: by, reason: by.reason})
    return Promise.resolve()
  }

  waitFor(): void {
    return
  }

  private become(fields: Partial<ServiceView>): void {
    if (fields.state) this.log.push(`${fields.state} ${this.key}`)
    this.current = {...idle, ...fields}
    for (const listener of this.listeners) listener()
  }
}

async function carryOut(plan: Plan, failing: ReadonlySet<NodeKey>, random: () => number): Promise<readonly string[]> {
  const log: string[] = []
  const actors = new Map(plan.steps.map(({key}) => [key, new Actor(key, failing.has(key), log, random)] as const))
  const places = new Semaphore(1 + Math.floor(random() * 8))
  await Promise.all(
    runPlan(plan, {node: (key) => actors.get(key)!, wanted: () => new AbortController().signal, places}).values(),
  )
  return log
}

describe(`${graphs} random graphs of dependencies`, () => {
  it('start in an order that respects every edge, and exactly what needs a failed one is blocked', async () => {
    for (let seed = 1; seed <= graphs; seed += 1) {
      const random = seededRandom(seed)
      const definition = definitionOf(randomAcyclicGraph(seed))
      const names = Object.keys(definition.services)
      const chosen = new Set(names.filter(() => random() < 0.15).map((name) => nodeKey('service', name)))
      const plan = planStart(definition, observed(definition), {services: names, tasks: [], restart: false})
      const log = await carryOut(plan, chosen, random)
      const at = new Map(log.map((entry, index) => [entry, index]))
      const begun = new Set(log.filter((entry) => entry.startsWith('start ')).map((entry) => entry.slice(6) as NodeKey))
      const failing = [...chosen].filter((key) => begun.has(key))
      const blocked = dependentsOf(stackGraph(definition), failing)
      for (const name of names) {
        const key = nodeKey('service', name)
        assert.equal(at.has(`block ${key}`), blocked.has(key), `seed ${seed}: ${key} blocked`)
        assert.equal(begun.has(key), !blocked.has(key), `seed ${seed}: ${key} begun`)
        if (!begun.has(key)) continue
        for (const edge of dependenciesIn(definition, key)) {
          const before = at.get(`Running ${nodeKey('service', edge.name)}`) ?? Infinity
          assert.ok(before < (at.get(`start ${key}`) ?? -1), `seed ${seed}: ${edge.name} before ${name}`)
        }
      }
    }
  })

  it('stop in the reverse order', async () => {
    for (let seed = 1; seed <= graphs; seed += 1) {
      const random = seededRandom(seed)
      const definition = definitionOf(randomAcyclicGraph(seed))
      const names = Object.keys(definition.services)
      const up = Object.fromEntries(names.map((name) => [name, 'Running'] as const))
      const plan = planStop(definition, observed(definition, up), {services: names, withDependents: true})
      const log = await carryOut(plan, new Set(), random)
      const at = new Map(log.map((entry, index) => [entry, index]))
      assert.equal(log.filter((entry) => entry.startsWith('stop ')).length, names.length)
      for (const name of names) {
        for (const edge of dependenciesIn(definition, nodeKey('service', name))) {
          const gone = at.get(`Stopped ${nodeKey('service', name)}`) ?? Infinity
          assert.ok(
            gone < (at.get(`stop ${nodeKey('service', edge.name)}`) ?? -1),
            `seed ${seed}: ${name} before ${edge.name}`,
          )
        }
      }
    }
  })

  it('are refused, with the path, exactly when they go round in a circle', () => {
    let cyclic = 0
    for (let seed = 1; seed <= graphs; seed += 1) {
      const definition = definitionOf(randomGraph(seed))
      const cycles = checkGraph(definition).filter(({code}) => code === 'CONFIG_CYCLE')
      assert.equal(cycles.length > 0, hasCycle(definition), `seed ${seed}`)
      cyclic += cycles.length > 0 ? 1 : 0
      for (const {message} of cycles) assert.match(message, /depends on itself|circle: s\d+( [^ ]+ s\d+)+/)
    }
    assert.ok(cyclic > 100 && cyclic < graphs, `${cyclic} with a circle`)
  })
})

/** Takes away whatever needs nothing, until nothing is left or nothing can be taken. */
function hasCycle(definition: ReturnType<typeof definitionOf>): boolean {
  const left = new Map(Object.entries(definition.services).map(([name, {dependencies}]) => [name, dependencies]))
  for (;;) {
    const free = [...left].filter(([, edges]) => edges.every((edge) => !left.has(edge.name))).map(([name]) => name)
    if (free.length === 0) return left.size > 0
    for (const name of free) left.delete(name)
  }
}
