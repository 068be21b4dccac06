import assert from 'node:assert/strict'
import path from 'node:path'
import {describe, it} from 'mocha'

import {file, forever, sh, start, states, workbench} from './workbench.js'

const one = file([sh('api', forever)])

describe('the stacks of a daemon', () => {
  it('of the same name in two folders do not collide', async () => {
    await using bench = await workbench()
    const left = await bench.load(one, 'left')
    const right = await bench.load(one, 'right')
    assert.notEqual(left.id, right.id)
    await start(left)
    assert.deepEqual([states(left), states(right)], ['api=Running', 'api=NotStarted'])
    assert.throws(() => bench.stacks.find('demo'), {code: 'STACK_AMBIGUOUS', subject: 'demo'})
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
    assert.deepEqual(bench.events, [{topic: 'stack.loaded', stack: stack.id, name: 'demo'}])
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
})
