import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {Semaphore} from '../../../src/core/base/semaphore.js'
import type {BlockedBy} from '../../../src/core/contract/status.js'
import type {NodeView, ServiceView} from '../../../src/core/service/conditions.js'
import type {Plan} from '../../../src/core/service/plan.js'
import {planStart} from '../../../src/core/service/plan-start.js'
import {planStop} from '../../../src/core/service/plan-stop.js'
import {runPlan, type PlanNode} from '../../../src/core/service/run-plan.js'
import type {NodeKey} from '../../../src/core/service/stack-graph.js'
import {nameOf} from '../../../src/core/service/stack-graph.js'
import {eventually} from '../process/temporary.js'
import {graphOf, observed} from './definitions.js'

const unstarted: ServiceView = {
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

/** Services without workloads: a test says how each goes on. */
function stage(definition: ReturnType<typeof graphOf>) {
  const log: string[] = []
  const nodes = new Map<NodeKey, ReturnType<typeof actor>>()
  const actor = (key: NodeKey) => {
    const listeners = new Set<() => void>()
    const wanted = new AbortController()
    let view: NodeView = unstarted
    let hold: Promise<unknown> = Promise.resolve()
    let waits: readonly string[] = []
    const become = (fields: Partial<ServiceView>): void => {
      view = {...unstarted, ...fields}
      for (const listener of listeners) listener()
    }
    const node: PlanNode = {
      view: () => view,
      onChange(listener) {
        listeners.add(listener)
        return {[Symbol.dispose]: () => void listeners.delete(listener)}
      },
      async act(action) {
        log.push(`${action} ${nameOf(key)}`)
        await hold
        return 'acted'
      },
      block(by: BlockedBy) {
        log.push(`block ${nameOf(key)}: ${by.reason}`)
        become({blockedBy: by, reason: by.reason})
        return Promise.resolve()
      },
      waitFor(names) {
        waits = names
      },
    }
    return {
      ...node,
      become,
      wanted,
      listeners,
      waits: () => waits,
      hold(until: Promise<unknown>) {
        hold = until
      },
    }
  }
  for (const name of Object.keys(definition.services)) nodes.set(`service:${name}`, actor(`service:${name}`))
  const node = (name: string) => nodes.get(`service:${name}`)!
  const run = (plan: Plan, places = 8) => {
    const results = runPlan(plan, {
      node: (key) => nodes.get(key)!,
      wanted: (key) => nodes.get(key)!.wanted.signal,
      places: new Semaphore(places),
    })
    return {
      of: (name: string) => results.get(`service:${name}`)!,
      all: Promise.all(results.values()),
    }
  }
  const start = (places?: number) => {
    const services = Object.keys(definition.services)
    return run(planStart(definition, observed(definition), {services, tasks: [], restart: false}), places)
  }
  const listeners = (): number => [...nodes.values()].reduce((sum, each) => sum + each.listeners.size, 0)
  return {log, node, run, start, listeners}
}

describe('runPlan', () => {
  it('begins everything without an edge between at the same time, and each when its edges hold', async () => {
    const {log, node, start, listeners} = stage(graphOf({db: [], cache: [], api: ['db', 'cache'], web: ['api']}))
    const running = start()
    await eventually(() => log.length === 2)
    assert.deepEqual(log, ['start db', 'start cache'])
    assert.deepEqual(node('api').waits(), ['db', 'cache'])
    node('cache').become({state: 'Running', launched: true})
    await eventually(() => node('api').waits().length === 1)
    assert.deepEqual(node('api').waits(), ['db'])
    node('db').become({state: 'Running', launched: true})
    assert.equal(await running.of('api'), 'acted')
    assert.deepEqual(node('api').waits(), [])
    node('api').become({state: 'Running', launched: true})
    await running.all
    assert.deepEqual(log, ['start db', 'start cache', 'start api', 'start web'])
    assert.equal(listeners(), 0)
  })

  it('blocks at once when one edge can never hold, while another is still open', async () => {
    const {log, node, start, listeners} = stage(graphOf({slow: [], broken: [], api: ['slow', 'broken'], web: ['api']}))
    const running = start()
    await eventually(() => log.length === 2)
    node('broken').become({state: 'Failed', ended: true, reason: 'exit 1'})
    assert.equal(await running.of('api'), 'blocked')
    assert.equal(await running.of('web'), 'blocked')
    assert.deepEqual(log.slice(2), [
      "block api: api needs service 'broken', which failed (exit 1)",
      "block web: web needs service 'api', which is blocked (api needs service 'broken', which failed (exit 1))",
    ])
    assert.equal(listeners(), 0)
  })

  it('blocks what waits when something that was ready fails meanwhile', async () => {
    const {log, node, start, listeners} = stage(graphOf({slow: [], db: [], api: ['slow', 'db']}))
    const running = start()
    await eventually(() => log.length === 2)
    node('db').become({state: 'Running', launched: true})
    await eventually(() => node('api').waits().length === 1)
    node('db').become({state: 'Failed', ended: true, reason: 'exit 3'})
    assert.equal(await running.of('api'), 'blocked')
    assert.equal(log.at(-1), "block api: api needs service 'db', which failed (exit 3)")
    assert.equal(listeners(), 0)
  })

  it('waits again for what was ready and is not for a moment', async () => {
    const {log, node, start} = stage(graphOf({slow: [], db: [], api: ['slow', 'db']}))
    const running = start()
    await eventually(() => log.length === 2)
    node('db').become({state: 'Running', launched: true})
    await eventually(() => node('api').waits().length === 1)
    node('db').become({state: 'Restarting', reason: 'exit 1'})
    assert.deepEqual(node('api').waits(), ['slow', 'db'])
    node('slow').become({state: 'Running', launched: true})
    assert.deepEqual(node('api').waits(), ['db'])
    node('db').become({state: 'Running', launched: true})
    assert.equal(await running.of('api'), 'acted')
  })

  it('remembers that something has begun, even when it has ended before the rest was ready', async () => {
    const {log, node, start} = stage(graphOf({slow: [], once: [], api: ['slow', 'once:started']}))
    const running = start()
    await eventually(() => log.length === 2)
    node('once').become({state: 'Running', launched: true})
    node('once').become({state: 'Stopped', ended: true, endedWell: true, reason: 'exit 0'})
    node('slow').become({state: 'Running', launched: true})
    assert.equal(await running.of('api'), 'acted')
  })

  it('does not judge by a state from before the other was acted on', async () => {
    const {log, node, start} = stage(graphOf({db: [], api: ['db']}))
    node('db').become({state: 'Failed', reason: 'an old story'})
    let release: () => void = () => undefined
    node('db').hold(new Promise<void>((resolve) => (release = resolve)))
    const running = start()
    await eventually(() => log.length === 1)
    node('db').become({state: 'Running', launched: true})
    release()
    assert.equal(await running.of('api'), 'acted')
  })

  it('gives up quietly what is not wanted any more', async () => {
    const {log, node, start, listeners} = stage(graphOf({db: [], api: ['db']}))
    const running = start()
    await eventually(() => log.length === 1)
    node('api').wanted.abort()
    assert.equal(await running.of('api'), 'cancelled')
    assert.deepEqual(log, ['start db'])
    assert.equal(listeners(), 0)
  })

  it('blocks what waits for something that was given up, instead of waiting for ever', async () => {
    const {log, node, start} = stage(graphOf({a: [], b: ['a'], c: ['b']}))
    const running = start()
    await eventually(() => log.length === 1)
    node('b').wanted.abort()
    assert.equal(await running.of('b'), 'cancelled')
    assert.equal(await running.of('c'), 'blocked')
    assert.equal(log.at(-1), "block c: c needs service 'b', which was stopped")
  })

  it('launches at most so many at once, and waiting takes no place', async () => {
    const {log, node, start} = stage(graphOf({a: ['d'], b: ['d'], c: [], d: []}))
    let release: () => void = () => undefined
    node('c').hold(new Promise<void>((resolve) => (release = resolve)))
    const running = start(2)
    await running.of('d')
    assert.deepEqual([...log].sort(), ['start c', 'start d'])
    node('d').become({state: 'Running', launched: true})
    await running.of('a')
    await running.of('b')
    release()
    await running.all
  })

  it('stops in reverse order, each after the end of what needs it, however that went', async () => {
    const definition = graphOf({db: [], api: ['db'], web: ['api']})
    const {log, node, run} = stage(definition)
    const states = {db: 'Running', api: 'Running', web: 'Running'} as const
    const failing = Promise.reject(new Error('it hangs in the kernel'))
    failing.catch(() => undefined)
    node('web').hold(failing)
    const services = Object.keys(definition.services)
    const running = run(planStop(definition, observed(definition, states), {services, withDependents: false}))
    await assert.rejects(running.of('web'), /hangs/)
    await running.of('db')
    assert.deepEqual(log, ['stop web', 'stop api', 'stop db'])
  })
})
