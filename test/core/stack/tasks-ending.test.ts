import assert from 'node:assert/strict'
import {rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {Executor} from '../../../src/core/contract/executor.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import type {TaskRecord} from '../../../src/core/stack/task-record.js'
import {eventually} from '../process/temporary.js'
import {loadWith, own, run, withType, type Bench} from './task-bench.js'
import {file, forever, sh, states, stop, task, workbench} from './workbench.js'

const deaf = `trap "" TERM; echo began >> ran; while :; do sleep 0.05; done`
const patient = (name: string): string => task(name, deaf).replace('shutdown_timeout: 1s', 'shutdown_timeout: 1m')
const recordOf = (bench: Bench, name: string): TaskRecord =>
  bench.store.get(`task/${bench.stacks.find('demo').id}/${name}`) as unknown as TaskRecord
const retry = {retries: 3, delayMs: 10, factor: 1, maxDelayMs: 10, jitter: 0}

/** From now on no workload can be ended. */
async function withoutStop(bench: Bench): Promise<void> {
  const process = bench.catalogue.executor('process')
  assert.ok(process)
  const unstoppable = (handle: WorkloadHandle): WorkloadHandle =>
    new Proxy(handle, {
      get(target, key) {
        if (key === 'stop') return () => Promise.reject(new Error('it does not listen'))
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  const wrapped: Executor = Object.assign(Object.create(process) as Executor, {
    start: async (...args: Parameters<Executor['start']>) => unstoppable(await process.start(...args)),
    recover: async (...args: Parameters<Executor['recover']>) => {
      const handle = await process.recover(...args)
      return handle && unstoppable(handle)
    },
  })
  await bench.again({
    ...bench.catalogue,
    executor: (kind) => (kind === 'process' ? wrapped : bench.catalogue.executor(kind)),
  })
}

describe('a task that takes its time to end', () => {
  it('is forced at once by a stop that gives it none', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)], [patient('seed')]))
    const running = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    const began = performance.now()
    await stack.stop({services: [], dependents: 'leave', timeoutMs: 0})
    assert.ok(performance.now() - began < 10_000, 'its grace is a minute')
    assert.equal((await running).task.state, 'Failed')
    assert.deepEqual(await bench.left(), [])
  })

  it('is forced at once by a second stop, or when the time of the first is over', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)], [patient('seed')]))
    const first = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    const stops = [stop(stack), stack.stop({services: [], dependents: 'leave', timeoutMs: 0})]
    await Promise.all([first, ...stops])
    const second = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 2)
    await stack.stop({services: [], tasks: ['seed'], dependents: 'leave', timeoutMs: 200})
    await second
    assert.deepEqual(await bench.left(), [])
  })

  it('has its whole grace again when it is asked for again', async () => {
    await using bench = await workbench()
    const polite = `trap "sleep 0.3; echo tidy >> ended; exit 0" TERM; echo began >> ran; while :; do sleep 0.05; done`
    const stack = await bench.load(
      file([sh('api', forever)], [task('seed', polite).replace('shutdown_timeout: 1s', 'shutdown_timeout: 1m')]),
    )
    const first = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    await stack.stop({services: [], dependents: 'leave', timeoutMs: 0})
    await first
    assert.deepEqual(bench.written('ended'), [])
    const second = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 2)
    await stop(stack)
    await second
    assert.deepEqual(bench.written('ended'), ['tidy'])
  })
})

describe('a task type that does not notice that its time is over', () => {
  const target = 'target: {type: process, binary: sh, args: [-c, "echo began >> ran; exec sleep 600"]}'

  it('can launch nothing any more, and nothing of it is journalled', async () => {
    await using bench = await workbench()
    let release: () => void = () => undefined
    let late: Promise<unknown> | undefined
    await withType(bench, {
      target: 'required',
      run: async (_input, context) => {
        await new Promise<void>((resolve) => (release = resolve))
        late = context.launch()
        await late
        return null
      },
    })
    await bench.load(file([sh('db', forever)], [own('seed', target, 'timeout: 50ms')]))
    assert.equal((await run(bench, 'seed')).task.state, 'Failed')
    const before = recordOf(bench, 'seed')
    release()
    await eventually(() => late !== undefined)
    await assert.rejects(late ?? Promise.resolve(), {reason: 'not done after 50 ms'})
    assert.deepEqual(recordOf(bench, 'seed'), before)
    assert.deepEqual([bench.written('ran'), await bench.left()], [[], []])
  })

  it('can launch nothing once its run has failed', async () => {
    await using bench = await workbench()
    let launch: () => Promise<unknown> = () => Promise.resolve()
    await withType(bench, {
      target: 'required',
      run: (_input, context) => {
        launch = () => context.launch()
        return Promise.reject(new Error('no luck'))
      },
    })
    await bench.load(file([sh('db', forever)], [own('seed', target)]))
    assert.equal((await run(bench, 'seed')).failure?.reason, 'no luck')
    await assert.rejects(launch(), {reason: 'its run is over, nothing can be launched any more'})
    assert.deepEqual([bench.written('ran'), recordOf(bench, 'seed').current], [[], null])
  })
})

describe('a task whose workload cannot be ended', () => {
  it('is not tried again beside it, and says so', async () => {
    await using bench = await workbench()
    await withoutStop(bench)
    await loadWith(bench, file([sh('db', forever)], [task('seed', 'echo try >> ran; exec sleep 600')]), {
      retry,
      timeoutMs: 300,
    })
    const {failure} = await run(bench, 'seed')
    assert.equal(failure?.reason, 'not done after 300 ms; its workload could not be ended: it does not listen')
    assert.deepEqual(bench.written('ran'), ['try'])
  })

  it('says so after a stop as well', async () => {
    await using bench = await workbench()
    await withoutStop(bench)
    const stack = await bench.load(file([sh('db', forever)], [task('seed', 'echo try >> ran; exec sleep 600')]))
    const running = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    await stop(stack)
    const {task: status} = await running
    assert.deepEqual(
      [status.state, status.reason],
      ['Failed', 'the stack was stopped; its workload could not be ended: it does not listen'],
    )
  })
})

describe('a task that a daemon finds running', () => {
  it('is ended when it cannot go on, for want of its type or of its input', async () => {
    for (const lost of ['type', 'input'] as const) {
      await using bench = await workbench()
      const following = {
        target: 'required',
        run: async (_: unknown, context: {launch(): Promise<WorkloadHandle>; readonly signal: AbortSignal}) => {
          await (await context.launch()).wait(context.signal)
          return null
        },
      } as const
      await withType(bench, following)
      const target = 'target: {type: process, binary: sh, args: [-c, "echo began >> ran; exec sleep 600"]}'
      await loadWith(bench, file([sh('db', forever)], [own('seed', target)]), {input: {port: '${stack.name}'}})
      run(bench, 'seed').catch(() => undefined)
      await eventually(() => bench.written('ran').length === 1)
      if (lost === 'type') await bench.again()
      else await withType(bench, {...following, input: {type: 'object', properties: {port: {type: 'integer'}}}})
      const stack = bench.stacks.find('demo')
      await eventually(() => states(stack) === 'db=NotStarted seed=Failed')
      assert.match(stack.status([]).tasks[0]?.reason ?? '', lost === 'type' ? /no loaded plugin/ : /port/)
      assert.deepEqual(await bench.left(), [], lost)
    }
  })

  it('names what it could not end', async () => {
    await using bench = await workbench()
    await loadWith(bench, file([sh('db', forever)], [task('seed', 'echo began >> ran; exec sleep 600')]), {})
    run(bench, 'seed').catch(() => undefined)
    await eventually(() => bench.written('ran').length === 1)
    const {catalogue} = bench
    await bench.again({...catalogue, executor: () => undefined, taskType: () => undefined})
    const stack = bench.stacks.find('demo')
    await eventually(() => states(stack) === 'db=NotStarted seed=Failed')
    assert.match(stack.status([]).tasks[0]?.reason ?? '', /; its workload could not be ended: .*no loaded plugin/)
    assert.equal((await bench.left()).length, 1)
  })

  it('is ended by a stop that comes while it waits to go on', async () => {
    await using bench = await workbench()
    const healthy = path.join(bench.folder, 'healthy')
    writeFileSync(healthy, '')
    const definition = await bench.define(
      file(
        [sh('db', forever, `health_check: {command: [test, -e, ${healthy}], interval: 50ms, retries: 1}`)],
        [task('seed', 'echo began >> ran; exec sleep 600', 'dependencies: [db]')],
      ),
    )
    await bench.stacks.load(definition)
    run(bench, 'seed').catch(() => undefined)
    await eventually(() => bench.written('ran').length === 1)
    rmSync(healthy)
    await eventually(() => !states(bench.stacks.find('demo')).startsWith('db=Running'))
    await bench.again()
    const stack = bench.stacks.find('demo')
    await eventually(() => stack.status([]).tasks[0]?.waitsFor.includes('db') === true)
    await stop(stack)
    const {state, reason} = stack.status([]).tasks[0] ?? {}
    assert.deepEqual([state, reason], ['Failed', 'it was stopped'])
    assert.deepEqual(await bench.left(), [])
  })
})
