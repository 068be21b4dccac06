import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {own, run, withType} from './task-bench.js'
import {file, forever, sh, start, states, stop, summary, task, workbench} from './workbench.js'

describe('tasks of a stack', () => {
  it('are ended by name with services that are stopped', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', forever), sh('db', forever)], [task('long', forever), task('other', forever)]),
    )
    await start(stack)
    const runs = ['long', 'other'].map((name) => run(bench, name))
    await eventually(() => states(stack) === 'api=Running db=Running long=Running other=Running')
    await stack.stop({services: ['api'], tasks: ['long'], dependents: 'leave'})
    assert.equal(states(stack), 'api=Stopped db=Running long=Failed other=Running')
    await stack.stop({services: [], tasks: ['other'], dependents: 'leave'})
    assert.equal(states(stack), 'api=Stopped db=Running long=Failed other=Failed')
    await stop(stack)
    await Promise.all(runs)
    assert.deepEqual(await bench.left(), [])
  })

  it('run once for all that need them, and not again for what runs already', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [sh('a', forever, 'dependencies: [{task: seed}]'), sh('b', forever, 'dependencies: [{task: seed}, a]')],
        [task('seed', 'echo seed >> ran')],
      ),
    )
    const {started, tasks} = await start(stack)
    assert.deepEqual(
      [started, tasks.map(({name, state, outputs}) => [name, state, outputs])],
      [['a', 'b'], [['seed', 'Succeeded', {exitCode: 0}]]],
    )
    await start(stack)
    assert.deepEqual(bench.written('ran'), ['seed'])
    await start(stack, ['b'], {restart: true})
    assert.deepEqual(bench.written('ran'), ['seed', 'seed'])
  })

  it('run once for two requests at the same time', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [sh('a', forever, 'dependencies: [{task: seed}]'), sh('b', forever, 'dependencies: [{task: seed}]')],
        [task('seed', 'echo seed >> ran; until [ -e go ]; do sleep 0.02; done')],
      ),
    )
    const first = start(stack, ['a'])
    await eventually(() => states(stack).includes('seed=Running'))
    const second = start(stack, ['b'])
    await eventually(() => stack.status(['b']).services[0]?.waitsFor.includes('seed'))
    writeFileSync(path.join(bench.folder, 'go'), '')
    assert.deepEqual([summary(await first), summary(await second)], [{started: ['a']}, {started: ['b']}])
    assert.deepEqual(bench.written('ran'), ['seed'])
  })

  it('that fail block what needs them, with their exit code in the reason', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', forever, 'dependencies: [{task: seed}]')], [task('seed', 'echo no table; exit 3')]),
    )
    const {failed, blocked} = await start(stack)
    assert.deepEqual(
      failed.map(({kind, name, code, exit, lastLines}) => [kind, name, code, exit?.code, lastLines]),
      [['task', 'seed', 'TASK_FAILED', 3, ['no table']]],
    )
    assert.match(blocked[0]?.reason ?? '', /^api needs task 'seed', which failed \(.*3.*\)$/)
    assert.equal(states(stack), 'api=NotStarted seed=Failed')
  })

  it('are blocked by what they need, and say so', async () => {
    await using bench = await workbench()
    const needs = 'dependencies: [{service: db, condition: succeeded}]'
    await bench.load(file([sh('db', 'exit 1')], [task('seed', 'echo seed >> ran', needs)]))
    const {task: status, failure} = await run(bench, 'seed')
    assert.equal(status.state, 'Blocked')
    assert.match(failure?.reason ?? '', /^seed needs service 'db', which failed \(exit 1\)$/)
    assert.equal(failure?.code, 'TASK_BLOCKED')
    assert.deepEqual(bench.written('ran'), [])
  })

  it('are ended with everything they started when their time is over', async () => {
    await using bench = await workbench()
    await bench.load(file([sh('db', forever)], [task('seed', 'sleep 600 & sleep 600', 'timeout: 200ms')]))
    const {task: status, failure} = await run(bench, 'seed')
    assert.deepEqual([status.state, failure?.reason], ['Failed', 'not done after 200 ms'])
    assert.deepEqual(await bench.left(), [])
  })

  it('are ended when the whole stack is stopped', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', forever, 'dependencies: [{task: seed}]')], [task('seed', 'exec sleep 600')]),
    )
    const starting = start(stack)
    await eventually(async () => (await bench.left()).length === 1)
    await stop(stack)
    assert.deepEqual(await bench.left(), [])
    assert.match(states(stack), /seed=Failed$/)
    await starting
    assert.deepEqual(bench.troubles, [])
  })

  it('fill references to the ports of services in', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [sh('db', forever, 'ports: {sql: 0}')],
        [task('seed', 'echo $URL > url', 'env: {URL: "${db.url}"}', 'dependencies: [db]')],
      ),
    )
    assert.equal((await run(bench, 'seed')).failure, null)
    assert.deepEqual(bench.written('url'), [stack.status(['db']).services[0]?.endpoints[0]?.url])
  })

  it('are skipped when they are complete, unless forced', async () => {
    await using bench = await workbench()
    const ran: string[] = []
    await withType(bench, {
      isComplete: () => Promise.resolve(true),
      run() {
        ran.push('ran')
        return Promise.resolve({count: 3})
      },
    })
    await bench.load(file([sh('db', forever)], [own('seed')]))
    assert.equal((await run(bench, 'seed')).task.state, 'Skipped')
    const {task: status} = await run(bench, 'seed', true)
    assert.deepEqual([status.state, status.outputs, ran], ['Succeeded', {count: 3}, ['ran']])
  })

  it('that come back from their check after their time is over do not begin any more', async () => {
    await using bench = await workbench()
    let release: (complete: boolean) => void = () => undefined
    const ran: string[] = []
    await withType(bench, {
      isComplete: () => new Promise<boolean>((resolve) => (release = resolve)),
      run() {
        ran.push('ran')
        return Promise.resolve(null)
      },
    })
    const stack = await bench.load(file([sh('db', forever)], [own('seed', 'timeout: 50ms')]))
    assert.equal((await run(bench, 'seed')).task.state, 'Failed')
    release(false)
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual([states(stack), ran], ['db=NotStarted seed=Failed', []])
  })

  it('leave nothing behind when their time is over while they are being launched', async () => {
    await using bench = await workbench()
    await withType(bench, {
      target: 'required',
      run: async (_input, context) => {
        const handle = await context.launch()
        await handle.wait(context.signal)
        return null
      },
    })
    for (const ms of [1, 20, 30, 40, 50, 60]) {
      const target = 'target: {type: process, binary: sh, args: [-c, "exec sleep 600"]}'
      await bench.load(file([sh('db', forever)], [own('seed', target, `timeout: ${ms}ms`)]))
      assert.equal((await run(bench, 'seed')).task.state, 'Failed')
    }
    await eventually(async () => (await bench.left()).length === 0)
  })

  it('join the run under way that another request began, also while it is checked', async () => {
    await using bench = await workbench()
    let release: (complete: boolean) => void = () => undefined
    let asked = 0
    let ran = 0
    await withType(bench, {
      isComplete() {
        asked += 1
        return new Promise<boolean>((resolve) => (release = resolve))
      },
      run() {
        ran += 1
        return Promise.resolve(null)
      },
    })
    await bench.load(file([sh('db', forever)], [own('seed')]))
    const requests = [run(bench, 'seed')]
    await eventually(() => asked === 1)
    requests.push(run(bench, 'seed'), run(bench, 'seed', true))
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    release(true)
    const ends = await Promise.all(requests)
    assert.deepEqual(
      [ends.map(({task: {state}}) => state), asked, ran],
      [['Succeeded', 'Succeeded', 'Succeeded'], 1, 1],
      'one of them forces it',
    )
  })

  it('that are stopped and asked for again at once run again', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('db', forever)], [task('seed', 'echo seed >> ran; [ -e go ] || exec sleep 600')]),
    )
    const first = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    writeFileSync(path.join(bench.folder, 'go'), '')
    const stopping = stop(stack)
    const second = run(bench, 'seed')
    await Promise.all([first, stopping])
    assert.equal((await second).task.state, 'Succeeded')
    assert.deepEqual(bench.written('ran'), ['seed', 'seed'])
  })

  it('are not unknown when they are known', async () => {
    await using bench = await workbench()
    await bench.load(file([sh('db', forever)], [task('seed', 'true')]))
    await assert.rejects(run(bench, 'ghost'), {code: 'TASK_UNKNOWN', subject: 'ghost', reason: 'expected one of seed'})
  })
})
