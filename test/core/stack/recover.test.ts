import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {kill} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, task, workbench} from './workbench.js'

describe('a stack after another daemon has taken over', () => {
  it('has the same processes, and can be stopped', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever, 'dependencies: [db]'), sh('db', forever)]))
    await start(stack)
    const before = stack.status([]).services.map(({pid}) => pid)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=Running db=Running')
    assert.deepEqual(
      after.status([]).services.map(({pid}) => pid),
      before,
    )
    await stop(after)
    assert.deepEqual(await bench.left(), [])
    assert.deepEqual(bench.troubles, [])
  })

  it('goes on with a start that was under way', async () => {
    await using bench = await workbench()
    const check = "health_check: {command: test, args: ['-e', ready], start_interval: 20ms}"
    const stack = await bench.load(file([sh('api', forever, 'dependencies: [db]'), sh('db', forever, check)]))
    void start(stack)
    await eventually(() => states(stack) === 'api=NotStarted db=Starting' && stack.status(['db']).services[0]?.pid)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=NotStarted db=Starting')
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await eventually(() => states(after) === 'api=Running db=Running')
    assert.equal(after.status(['db']).services[0]?.attempt, 1)
  })

  it('goes on with a task whose process runs, and does not run it twice', async () => {
    await using bench = await workbench()
    const seed = task('seed', 'echo began >> ran; until [ -e go ]; do sleep 0.02; done; echo ended >> ran')
    const stack = await bench.load(file([sh('api', forever, 'dependencies: [{task: seed}]')], [seed]))
    void start(stack)
    await eventually(() => bench.written('ran').length === 1)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=NotStarted seed=Running')
    assert.equal(after.status(['api']).services[0]?.desired, 'up')
    writeFileSync(path.join(bench.folder, 'go'), '')
    await eventually(() => states(after) === 'api=Running seed=Succeeded')
    assert.deepEqual(bench.written('ran'), ['began', 'ended'])
  })

  it('knows the end of a task that ended meanwhile', async () => {
    await using bench = await workbench()
    const seed = task('seed', 'echo began >> ran; exec sleep 600')
    const stack = await bench.load(file([sh('api', forever, 'dependencies: [{task: seed}]')], [seed]))
    void start(stack)
    await eventually(() => bench.written('ran').length === 1)
    await bench.stacks.close()
    for (const pid of await bench.left()) kill(pid)
    const after = (await bench.again()).find('demo')
    await eventually(() => after.status([]).tasks[0]?.state === 'Failed')
    assert.equal(after.status([]).tasks[0]?.exit?.signal, 'SIGKILL')
    await eventually(() => after.status(['api']).services[0]?.blockedBy?.name === 'seed')
    assert.deepEqual(bench.written('ran'), ['began'])
  })

  it('does not do a task again that is done, when it goes on', async () => {
    await using bench = await workbench()
    const check = "health_check: {command: test, args: ['-e', ready], start_interval: 20ms}"
    const services = [sh('api', forever, 'dependencies: [{task: seed}, db]'), sh('db', forever, check)]
    const stack = await bench.load(file(services, [task('seed', 'echo seed >> ran')]))
    void start(stack)
    await eventually(() => states(stack) === 'api=NotStarted db=Starting seed=Succeeded')
    const after = (await bench.again()).find('demo')
    writeFileSync(path.join(bench.folder, 'ready'), '')
    await eventually(() => states(after) === 'api=Running db=Running seed=Succeeded')
    assert.deepEqual(bench.written('ran'), ['seed'])
  })

  it('restarts with the environment that it was started with', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', `echo $WHO >> who; ${forever}`, 'restart: {policy: always, delay: 20ms}')]),
    )
    await start(stack, [], {env: {PATH: process.env['PATH'] ?? '', WHO: 'me'}})
    const after = (await bench.again()).find('demo')
    kill(after.status([]).services[0]?.pid ?? 0)
    await eventually(() => bench.written('who').length === 2)
    assert.deepEqual(bench.written('who'), ['me', 'me'])
    await eventually(() => states(after) === 'api=Running')
  })
})
