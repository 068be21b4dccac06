import assert from 'node:assert/strict'
import {readdirSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {callerEnv} from '../service/workbench.js'
import {file, forever, sh, start, states, stop, workbench} from './workbench.js'

const one = file([sh('api', forever)])

describe('the stacks of a daemon', () => {
  it('of the same name in two folders do not collide', async () => {
    await using bench = await workbench()
    const left = await bench.load(one, 'left')
    const right = await bench.load(one, 'right')
    assert.notEqual(left.id, right.id)
    await start(left)
    assert.deepEqual([states(left), states(right)], ['api=Running', 'api=NotStarted'])
    assert.throws(() => bench.stacks.find('demo'), {
      code: 'STACK_AMBIGUOUS',
      subject: 'demo',
      reason: `there are ${left.id} (${left.definition.file}, 1 running) and ${right.id} (${right.definition.file}, 0 running)`,
      hint: `Name one by its id, --stack ${left.id}, or by its file with -c FILE. \`harness ls\` shows all.`,
    })
    assert.equal(bench.stacks.find(path.join(bench.folder, 'right', 'harness.yaml')), right)
    assert.equal(bench.stacks.find(left.id), left)
  })

  it('that are not known are named', async () => {
    await using bench = await workbench()
    await bench.load(one)
    assert.throws(() => bench.stacks.find('ghost'), {code: 'STACK_UNKNOWN', subject: 'ghost'})
    assert.throws(() => bench.stacks.find('/no/such/harness.yaml'), {code: 'STACK_UNKNOWN'})
  })

  it('are refused with every problem when they do not fit the plugins, and nothing is kept of them', async () => {
    await using bench = await workbench()
    const definition = await bench.define(file([sh('api', forever)]))
    const {api} = definition.services
    const broken = {...definition, services: {api: {...api!, target: {type: 'process', spec: {binary: 7}}}}}
    await assert.rejects(bench.stacks.load(broken), (error: {code: string; details: {diagnostics: unknown[]}}) => {
      assert.equal(error.code, 'CONFIG_INVALID')
      assert.equal(error.details.diagnostics.length, 1)
      return true
    })
    assert.deepEqual(bench.store.entries(''), [])
  })

  it('tell of each load', async () => {
    await using bench = await workbench()
    const stack = await bench.load(one)
    assert.deepEqual(bench.events.slice(0, 1), [{topic: 'stack.loaded', stack: stack.id, name: 'demo'}])
  })

  it('are one when their file is loaded twice at once', async () => {
    await using bench = await workbench()
    const definition = await bench.define(one)
    const [first, second] = await Promise.all([bench.stacks.load(definition), bench.stacks.load(definition)])
    assert.equal(first, second)
    assert.deepEqual(bench.stacks.all(), [first])
  })

  it('keep both of two scales at once, also for the next daemon', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('web', forever), sh('api', forever)]))
    await start(stack)
    const scale = (service: string, replicas: number) =>
      bench.stacks.scale(stack, {service, replicas}, {env: callerEnv})
    await Promise.all([scale('web', 3), scale('api', 2)])
    const all = 'web=Running web-2=Running web-3=Running api=Running api-2=Running'
    assert.deepEqual([states(stack), stack.orphans], [all, []])
    const after = (await bench.again()).find('demo')
    assert.deepEqual([states(after), after.orphans], [all, []])
    await stop(after)
    assert.deepEqual(await bench.left(), [])
  })

  it('are active while anything is, or is to be, up', async () => {
    await using bench = await workbench()
    const stack = await bench.load(one)
    assert.equal(bench.stacks.isActive, false)
    const starting = start(stack)
    await starting
    assert.equal(bench.stacks.isActive, true)
    assert.deepEqual(stack.summary(), {
      stack: stack.id,
      name: 'demo',
      file: path.join(bench.folder, 'harness.yaml'),
      running: 1,
      total: 1,
    })
    await stack.stop({services: [], dependents: 'stop'})
    assert.equal(bench.stacks.isActive, false)
  })

  it('are forgotten when their file has another name and nothing of them runs, with what they left on disk', async () => {
    await using bench = await workbench()
    const before = await bench.load(file([sh('api', 'echo done')]))
    await start(before)
    await eventually(() => states(before) === 'api=Stopped')
    const after = await bench.load(file([sh('api', 'echo done')], [], 'shop'))
    assert.deepEqual(bench.stacks.all(), [after])
    assert.equal(bench.stacks.find(after.definition.file), after)
    assert.throws(() => bench.stacks.find(before.id), {code: 'STACK_UNKNOWN'})
    assert.deepEqual(
      bench.store.entries('').map(([key]) => key),
      [`stack/${after.id}`],
    )
    await eventually(() => readdirSync(path.join(bench.folder, 'runs')).join() === after.id)
    assert.deepEqual((await bench.again()).all().length, 1)
  })

  it('stay reachable by the name of before while they run; the file means the one it is now', async () => {
    await using bench = await workbench()
    const before = await bench.load(one)
    await start(before)
    const after = await bench.load(file([sh('api', forever)], [], 'shop'))
    const renamed = (stacks = bench.stacks): readonly unknown[] =>
      stacks.summaries().map(({name, running, renamedTo}) => [name, running, renamedTo])
    const both = [
      ['demo', 1, after.id],
      ['shop', 0, undefined],
    ]
    assert.deepEqual(renamed(), both)
    assert.equal(bench.stacks.find(after.definition.file), after)
    assert.equal(bench.stacks.find('demo'), before)

    const later = await bench.again()
    assert.deepEqual(renamed(later), both)
    assert.equal(later.find(after.definition.file).id, after.id)
    await stop(later.find('demo'))
    assert.deepEqual(renamed(await bench.again()), [['shop', 0, undefined]])
  })

  it('are what they were when the name comes back', async () => {
    await using bench = await workbench()
    const before = await bench.load(one)
    await start(before)
    await bench.load(file([sh('api', forever)], [], 'shop'))
    assert.equal(await bench.load(one), before)
    assert.deepEqual(bench.stacks.all(), [before])
    assert.equal(bench.stacks.find(before.definition.file), before)
    assert.equal(bench.stacks.summaries()[0]?.renamedTo, undefined)
  })

  it('of standard input do not take the place of each other', async () => {
    await using bench = await workbench()
    const piped = async (name: string) => ({
      ...(await bench.define(file([sh('api', forever)], [], name))),
      file: path.join(bench.folder, '-'),
    })
    const [left, right] = [await bench.stacks.load(await piped('left')), await bench.stacks.load(await piped('right'))]
    assert.deepEqual(bench.stacks.all(), [left, right])
    assert.throws(() => bench.stacks.find(left.definition.file), {
      code: 'STACK_AMBIGUOUS',
      reason: `there are ${left.id} (${left.definition.file}, 0 running) and ${right.id} (${left.definition.file}, 0 running)`,
      hint: `Name one by its id, --stack ${left.id}. \`harness ls\` shows all.`,
    })
  })
})
