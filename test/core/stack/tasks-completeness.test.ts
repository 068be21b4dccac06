import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {loadWith, own, run, withType} from './task-bench.js'
import {file, forever, sh, task, workbench} from './workbench.js'

const seed = file([sh('db', forever)], [task('seed', 'echo seed >> ran', 'env: {WANT: "yes"}')])
const test = (script: string) => ({program: 'sh', args: ['-c', script]})

describe('a task', () => {
  it('is skipped where what it creates exists, unless forced', async () => {
    await using bench = await workbench()
    await loadWith(bench, seed, {creates: './done'})
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    writeFileSync(path.join(bench.folder, 'done'), '')
    const {task: skipped, failure} = await run(bench, 'seed')
    assert.deepEqual([skipped.state, skipped.reason, failure], ['Skipped', 'creates ./done exists', null])
    assert.deepEqual(skipped.outputs, {exitCode: 0}, 'of the run before')
    assert.equal((await run(bench, 'seed', true)).task.state, 'Succeeded')
    assert.deepEqual(bench.written('ran'), ['seed', 'seed'])
  })

  it('is skipped where its status command says so, in its folder and with its environment', async () => {
    await using bench = await workbench()
    await loadWith(bench, seed, {status: test('[ "$$WANT" = yes ] && [ -e done ]')})
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    writeFileSync(path.join(bench.folder, 'done'), '')
    const {task: skipped} = await run(bench, 'seed')
    assert.deepEqual([skipped.state, skipped.reason], ['Skipped', 'status sh says that it is done'])
  })

  it('fills references in the checks in', async () => {
    await using bench = await workbench()
    writeFileSync(path.join(bench.folder, 'demo.done'), '')
    await loadWith(bench, seed, {
      creates: '${stack.dir}/${stack.name}.done',
      status: {program: 'test', args: ['-e', '${stack.name}.done']},
    })
    const {task: skipped} = await run(bench, 'seed')
    assert.equal(skipped.reason, `creates ${bench.folder}/demo.done exists and status test says that it is done`)
  })

  it('runs unless all checks say that it is done', async () => {
    await using bench = await workbench()
    let complete = false
    let ran = 0
    await withType(bench, {
      isComplete: () => Promise.resolve(complete),
      run: () => Promise.resolve((ran += 1)),
    })
    writeFileSync(path.join(bench.folder, 'done'), '')
    const text = file([sh('db', forever)], [own('seed')])
    await loadWith(bench, text, {creates: 'done', status: test('exit 3')})
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    await loadWith(bench, text, {creates: 'done', status: test('exit 0')})
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    complete = true
    await loadWith(bench, text, {creates: 'missing', status: test('exit 0')})
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    await loadWith(bench, text, {creates: 'done', status: test('exit 0')})
    assert.equal((await run(bench, 'seed')).task.state, 'Skipped')
    assert.equal(ran, 3)
  })

  it('fails where its status command cannot be asked', async () => {
    await using bench = await workbench()
    await loadWith(bench, seed, {status: {program: 'no-such-program', args: []}})
    const {task: status, failure} = await run(bench, 'seed')
    assert.equal(status.state, 'Failed')
    assert.match(failure?.reason ?? '', /^its status command cannot be run: .*no-such-program/)
    assert.deepEqual(bench.written('ran'), [])
  })

  it('names its status command as the file does: what references bring may be secret', async () => {
    await using bench = await workbench()
    const text = file([sh('db', forever)], [task('login', 'echo TOKEN=hunter2 > $HARNESS_OUTPUT'), own('seed')])
    await withType(bench, {})
    const definition = await bench.define(text)
    const {login, seed: plain} = definition.tasks
    assert.ok(login && plain)
    const edge = {kind: 'task', name: 'login', condition: 'succeeded', required: true, restart: false} as const
    const status = {program: './${login.outputs.TOKEN}', args: []}
    const asking = {...plain, dependencies: [edge], status}
    await bench.stacks.load({...definition, tasks: {login, seed: asking}})
    const {failure} = await run(bench, 'seed')
    assert.equal(
      failure?.reason,
      'its status command cannot be run: ./${login.outputs.TOKEN} is not there or not executable',
    )
    assert.ok(!JSON.stringify(failure).includes('hunter2'))
  })

  it('ends its status command with it', async () => {
    await using bench = await workbench()
    await loadWith(bench, seed, {status: test('exec sleep 600'), timeoutMs: 100})
    const {failure} = await run(bench, 'seed')
    assert.equal(failure?.reason, 'not done after 100 ms')
    assert.deepEqual(bench.written('ran'), [])
  })
})
