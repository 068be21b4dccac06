import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {callerEnv} from '../service/workbench.js'
import {loadWith, own, run, withType} from './task-bench.js'
import {file, forever, sh, shown, states, stop, task, workbench} from './workbench.js'

const quick = {retries: 3, delayMs: 10, factor: 1, maxDelayMs: 10, jitter: 0}
const slow = {...quick, delayMs: 60_000, maxDelayMs: 60_000}
const flaky = file([sh('db', forever)], [task('seed', 'echo try >> ran; echo no luck; [ -e go ]')])

describe('a task that fails', () => {
  it('is tried again as often as it may be, and keeps the log of each try', async () => {
    await using bench = await workbench()
    const stack = await loadWith(bench, flaky, {retry: quick})
    const {task: status, failure} = await run(bench, 'seed')
    assert.deepEqual([status.state, failure?.reason], ['Failed', 'exit 1, after 4 tries'])
    assert.equal(failure?.exit?.code, 1)
    assert.equal(bench.written('ran').length, 4)
    const lines: string[] = []
    const signal = new AbortController().signal
    const wish = {names: ['seed'], tail: null, attempts: 'all', follow: false, signal} as const
    for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
    assert.deepEqual(
      lines,
      [1, 2, 3, 4].map((attempt) => `seed ${attempt}: no luck`),
    )
  })

  it('succeeds with the first try that does', async () => {
    await using bench = await workbench()
    await loadWith(bench, file([sh('db', forever)], [task('seed', 'echo try >> ran; [ $(wc -l < ran) = 3 ]')]), {
      retry: quick,
    })
    const {task: status} = await run(bench, 'seed')
    assert.deepEqual([status.state, status.reason, status.exit?.code], ['Succeeded', null, 0])
    assert.equal(bench.written('ran').length, 3)
  })

  it('shows why, and when it is tried again; a stop ends the wait at once', async () => {
    await using bench = await workbench()
    const stack = await loadWith(bench, flaky, {retry: slow})
    const running = run(bench, 'seed')
    await eventually(() => stack.status([]).tasks[0]?.reason === 'exit 1; try 2 of 4 in 1m 0s')
    assert.equal(states(stack), 'db=NotStarted seed=Running')
    assert.equal(stack.status([]).tasks[0]?.exit?.code, 1)
    const told = bench.events.some(
      (event) => event.topic === 'task.state' && event.status.reason?.includes('try 2 of 4'),
    )
    assert.ok(told, 'subscribers hear of it')
    await stop(stack)
    const {failure} = await running
    assert.equal(failure?.reason, 'the stack was stopped')
    assert.equal(bench.written('ran').length, 1)
  })

  it('is tried again when its time was over, for each try anew', async () => {
    await using bench = await workbench()
    await loadWith(bench, file([sh('db', forever)], [task('seed', 'echo try >> ran; [ -e ran2 ] || exec sleep 600')]), {
      retry: {...quick, retries: 1},
      timeoutMs: 300,
    })
    const {failure} = await run(bench, 'seed')
    assert.equal(failure?.reason, 'not done after 300 ms, after 2 tries')
    assert.equal(bench.written('ran').length, 2)
    assert.deepEqual(await bench.left(), [])
  })

  it('is tried again when its answer is not what its type says, and not when its input is not', async () => {
    await using bench = await workbench()
    let ran = 0
    await withType(bench, {
      input: {type: 'object', properties: {port: {type: 'integer'}}},
      output: {type: 'object', properties: {count: {type: 'integer'}}},
      run: () => Promise.resolve({count: (ran += 1) < 3 ? 'many' : ran}),
    })
    await loadWith(bench, file([sh('db', forever)], [own('seed')]), {retry: {...quick, retries: 1}})
    const {failure} = await run(bench, 'seed')
    assert.equal(
      failure?.reason,
      "task type 'own' answered with what is not its output: /count must be integer, after 2 tries",
    )
    assert.deepEqual((await run(bench, 'seed')).task.outputs, {count: 3})
    await loadWith(bench, file([sh('db', forever)], [own('seed')]), {retry: quick, input: {port: '${stack.name}'}})
    const {failure: input} = await run(bench, 'seed')
    assert.match(
      input?.reason ?? '',
      /^with its references filled in, seed\.input\.port must be a whole number, got 'demo'$/,
    )
    assert.equal(ran, 3)
  })

  it('goes on with the tries that are left when the daemon comes back', async () => {
    await using bench = await workbench()
    await loadWith(bench, flaky, {retry: {...slow, delayMs: 400, maxDelayMs: 400}})
    void run(bench, 'seed')
    for (const left of [2, 3, 4]) {
      await eventually(() => bench.stacks.find('demo').status([]).tasks[0]?.reason?.includes(`try ${left} of 4`))
      await bench.again()
    }
    const stack = bench.stacks.find('demo')
    await eventually(() => states(stack) === 'db=NotStarted seed=Failed')
    assert.equal(stack.status([]).tasks[0]?.reason, 'exit 1, after 4 tries')
    assert.equal(bench.written('ran').length, 4)
  })

  it('runs a try once, however often the daemon comes back during it', async () => {
    await using bench = await workbench()
    const text = file(
      [sh('db', forever)],
      [task('seed', 'echo try >> ran; until [ -e go ]; do sleep 0.02; done; exit 7')],
    )
    await loadWith(bench, text, {retry: {...quick, retries: 1}})
    void run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    await bench.again()
    await bench.again()
    writeFileSync(path.join(bench.folder, 'go'), '')
    const stack = bench.stacks.find('demo')
    await eventually(() => states(stack) === 'db=NotStarted seed=Failed')
    assert.equal(stack.status([]).tasks[0]?.reason, 'exit 7, after 2 tries')
    assert.equal(bench.written('ran').length, 2)
  })

  it('runs once for a request that comes again, also to another daemon', async () => {
    await using bench = await workbench()
    await loadWith(bench, flaky, {})
    const ask = (requestId: string) =>
      bench.stacks.find('demo').runTask('seed', {env: callerEnv, force: false, requestId})
    const first = await ask('one')
    await bench.again()
    assert.deepEqual(await ask('one'), first)
    assert.equal(bench.written('ran').length, 1)
    await ask('two')
    assert.equal(bench.written('ran').length, 2)
  })
})
