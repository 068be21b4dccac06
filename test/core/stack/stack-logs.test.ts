import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {Catalogue} from '../../../src/core/contract/catalogue.js'
import type {LogPosition, LogSource} from '../../../src/core/contract/log.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {StackLogs, type LogWish} from '../../../src/core/stack/stack-logs.js'
import type {Stack} from '../../../src/core/stack/stack.js'
import type {NodeSource} from '../../../src/core/stack/watch-nodes.js'
import {callerEnv} from '../service/workbench.js'
import {eventually} from '../process/temporary.js'
import {createFakeClock} from '../transport/fake-clock.js'
import {file, forever, sh, shown, start, states, stop, task, workbench} from './workbench.js'

const never = new AbortController().signal

async function read(stack: Stack, names: readonly string[], more: Partial<LogWish> = {}) {
  const lines: string[] = []
  for await (const batch of stack.logs.read({
    names,
    tail: null,
    attempts: 'all',
    follow: false,
    signal: never,
    ...more,
  }))
    lines.push(...batch.map(shown))
  return lines
}

/** Follows what these names mean until it is disposed of. */
function follow(stack: Stack, given: readonly string[]) {
  const leaving = new AbortController()
  const lines: string[] = []
  const following = (async () => {
    const names = (): readonly string[] => stack.logNames(given)
    const wish = {names, tail: null, attempts: 'all', follow: true, signal: leaving.signal} as const
    for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
  })()
  return {
    lines,
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await following
    },
  }
}

describe('the logs of a stack', () => {
  it('hold all attempts of a service, or only the last', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'echo "I am $$"; echo done')]))
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await start(stack)
      await eventually(() => states(stack) === 'api=Stopped')
    }
    const all = await read(stack, ['api'])
    assert.deepEqual(
      all.map((line) => line.replace(/\d+$/, 'N')),
      [1, 2, 3].flatMap((attempt) => [`api ${attempt}: I am N`, `api ${attempt}: done`]),
    )
    assert.equal((await read(stack, ['api'], {attempts: 'last'})).length, 2)
    assert.deepEqual(await read(stack, ['api'], {tail: 3}), all.slice(-3))
    assert.deepEqual(await stack.logs.lastLines('api', 1), ['done'])
  })

  it('of services and tasks are read together, also by a later daemon', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', `echo api; ${forever}`, 'dependencies: [{task: seed}]')], [task('seed', 'echo seed')]),
    )
    await start(stack)
    assert.deepEqual(stack.names, ['api', 'seed'])
    await eventually(async () => (await read(stack, stack.names)).length === 2)
    const after = (await bench.again()).find('demo')
    assert.deepEqual([...(await read(after, after.names))].sort(), ['api 1: api', 'seed 1: seed'])
  })

  it('are followed over a restart, without a line twice or missing', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', `echo one; echo two; ${forever}`), sh('other', forever)]))
    await start(stack)
    const leaving = new AbortController()
    const lines: string[] = []
    const following = (async () => {
      const wish = {names: ['api', 'other'], tail: null, attempts: 'all', follow: true, signal: leaving.signal} as const
      for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
    })()
    await eventually(() => lines.length === 2)
    await start(stack, ['api'], {restart: true})
    await eventually(() => lines.length === 4)
    await stop(stack)
    await start(stack)
    await eventually(() => lines.length === 6)
    leaving.abort()
    await following
    assert.deepEqual(
      lines,
      [1, 2, 3].flatMap((attempt) => [`api ${attempt}: one`, `api ${attempt}: two`]),
    )
    assert.deepEqual(bench.troubles, [])
  })

  it('go on after what a reader has, and say what it can never have', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'echo one; echo two')]))
    const run = async (): Promise<void> => {
      await start(stack)
      await eventually(() => states(stack) === 'api=Stopped')
    }
    await run()
    await run()
    const at = (attempt: number, offset: number): LogPosition => ({service: 'api', attempt, stream: 'stdout', offset})
    assert.deepEqual(await read(stack, ['api'], {after: [at(1, 8), at(2, 4)]}), ['api 2: two'])
    assert.deepEqual(await read(stack, ['api'], {after: [at(1, 4)]}), ['api 1: two', 'api 2: one', 'api 2: two'])
    assert.deepEqual(await read(stack, ['api'], {after: [at(2, 8)]}), [])
    assert.deepEqual(await read(stack, ['api'], {after: [at(2, 999)]}), ['api 2: the log is shorter than it was'])
    assert.equal((await read(stack, ['api'], {after: [at(9, 4)]})).length, 4, 'the numbers began anew')
    for (let attempt = 3; attempt <= 8; attempt += 1) await run()
    const rest = await read(stack, ['api'], {after: [at(2, 8)]})
    assert.equal(rest[0], 'api 2: of an attempt that is no longer kept')
    assert.equal(rest.length, 1 + 5 * 2)
  })

  it('are followed from before the first start', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'echo quick')]))
    const leaving = new AbortController()
    const lines: string[] = []
    const following = (async () => {
      const wish = {names: ['api'], tail: 10, attempts: 'last', follow: true, signal: leaving.signal} as const
      for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
    })()
    await start(stack)
    await eventually(() => lines.length === 1)
    leaving.abort()
    await following
    assert.deepEqual(lines, ['api 1: quick'])
  })

  it('are followed of services and tasks that come while a reader is there, from their first line', async () => {
    await using bench = await workbench()
    const first = sh('api', `echo one; ${forever}`)
    const stack = await bench.load(file([first]))
    await start(stack)
    await using follower = follow(stack, [])
    await eventually(() => follower.lines.length === 1)
    const come = sh('late', `echo first; echo second; ${forever}`, 'dependencies: [{task: seed}]')
    await bench.load(file([first, come], [task('seed', 'echo sown')]))
    await start(stack)
    await eventually(() => follower.lines.length === 4)
    await bench.load(file([first]))
    await stop(stack, ['late'])
    await bench.load(file([first, sh('late', `echo again; ${forever}`)]))
    await start(stack)
    await eventually(() => follower.lines.length === 5)
    await start(stack, ['api'], {restart: true})
    await eventually(() => follower.lines.length === 6)
    const expected = ['api 1: one', 'seed 1: sown', 'late 1: first', 'late 1: second', 'late 2: again', 'api 2: one']
    assert.deepEqual(follower.lines, expected)
    assert.deepEqual(
      [...(await read(stack, stack.names))].sort(),
      expected.filter((line) => !line.startsWith('seed')).sort(),
    )
    assert.deepEqual(bench.troubles, [])
  })

  it('are followed of replicas that come, by the name of their service and no other', async () => {
    await using bench = await workbench()
    const say = `echo "I am $HARNESS_REPLICA"; ${forever}`
    const stack = await bench.load(file([sh('api', say), sh('api-gate', say), sh('other', say)]))
    const scale = (service: string, replicas: number) =>
      bench.stacks.scale(stack, {service, replicas}, {env: callerEnv})
    await start(stack)
    await using follower = follow(stack, ['api'])
    await eventually(() => follower.lines.length === 1)
    await scale('other', 2)
    await scale('api-gate', 2)
    await scale('api', 2)
    await eventually(() => follower.lines.length === 2)
    await scale('api', 1)
    await scale('api', 3)
    await eventually(() => follower.lines.length === 4)
    const lines = ['api 1: I am 1', 'api-2 1: I am 2', 'api-2 2: I am 2', 'api-3 1: I am 3']
    assert.deepEqual([...follower.lines].sort(), lines)
    await scale('api', 1)
    const after = [{service: 'api-3', attempt: 1, stream: 'stdout', offset: 7}] as const
    assert.deepEqual(await read(stack, ['api-3'], {after}), [], 'what is gone has ended')
    await assert.rejects(read(stack, ['api-3']), {code: 'SERVICE_UNKNOWN'})
  })

  it('of a replica that is being stopped are read by the name of its service', async () => {
    await using bench = await workbench()
    const end = 'until [ -e let-go ]; do sleep 0.01; done; echo bye; exit'
    const script = `trap '${end}' TERM; echo up; while :; do sleep 0.01; done`
    const stack = await bench.load(file([sh('api', script).replace('shutdown_timeout: 2s', 'shutdown_timeout: 30s')]))
    const scale = (replicas: number) => bench.stacks.scale(stack, {service: 'api', replicas}, {env: callerEnv})
    await start(stack)
    await scale(2)
    const stopping = scale(1)
    await eventually(() => stack.orphans.length === 1)
    await using follower = follow(stack, ['api'])
    await eventually(() => follower.lines.includes('api-2 1: up'))
    writeFileSync(path.join(bench.folder, 'let-go'), '')
    await stopping
    await eventually(() => follower.lines.includes('api-2 1: bye'))
  })

  it('of a name that nothing has are refused', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await assert.rejects(read(stack, ['ghost']), {code: 'SERVICE_UNKNOWN', subject: 'ghost'})
  })

  it('leave nothing behind at a service that goes on: all readers share one wait for its end', async () => {
    await using bench = await workbench()
    let waits = 0
    const counted = (handle: WorkloadHandle): WorkloadHandle => ({
      ...handle,
      wait(signal) {
        waits += 1
        return handle.wait(signal)
      },
    })
    const stacks = await bench.again(withHandles(bench.catalogue, counted))
    const stack = await stacks.load(await bench.define(file([sh('api', `echo one; ${forever}`)])))
    await start(stack)
    await eventually(async () => (await read(stack, ['api'])).length === 1)
    const byTheSupervisor = waits
    for (let reader = 0; reader < 5; reader += 1) assert.deepEqual(await stack.logs.lastLines('api', 1), ['one'])
    assert.equal(waits, byTheSupervisor)
    for (let reader = 0; reader < 5; reader += 1) {
      const wish = {names: ['api'], tail: null, attempts: 'all', follow: true, signal: never} as const
      for await (const batch of stack.logs.read(wish)) {
        assert.deepEqual(batch.map(shown), ['api 1: one'])
        break
      }
    }
    assert.equal(waits, byTheSupervisor + 1)
  })

  it('that cannot be read in time are left out of a report, and leave no timer', async () => {
    const clock = createFakeClock()
    const silent = (): Promise<never> => new Promise(() => undefined)
    const source: LogSource = {
      stream: 'stdout',
      read: silent,
      end: silent,
      changed: silent,
      timeAt: silent,
      offsetAt: silent,
    }
    const current = {attempt: 1, instance: 'i', saved: {executor: 'process'}}
    const node = {handle: {logs: [source]}, record: {attempt: 1, earlier: [], current, state: 'Running'}}
    const nodes: NodeSource = {
      has: () => true,
      named: () => node as never,
      onRedefine: () => ({[Symbol.dispose]: () => undefined}),
    }
    const logs = new StackLogs('demo', {} as Catalogue, clock, nodes)
    const lines = logs.lastLines('api', 20)
    clock.advance(5000)
    assert.deepEqual(await lines, [])
    assert.equal(clock.timers, 0)
  })
})

/** A catalogue whose executors hand out other handles. */
function withHandles(catalogue: Catalogue, change: (handle: WorkloadHandle) => WorkloadHandle): Catalogue {
  return {
    ...catalogue,
    executor(kind) {
      const executor = catalogue.executor(kind)
      return (
        executor && {
          ...executor,
          start: async (request, options) => change(await executor.start(request, options)),
        }
      )
    },
  }
}
