import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, task, workbench} from './workbench.js'

describe('what an edit took out of the stack file while it ran', () => {
  const two = file([sh('api', forever), sh('old', forever)])
  const one = file([sh('api', forever)])

  it('is still seen and stopped after another daemon has taken over', async () => {
    await using bench = await workbench()
    const stack = await bench.load(two)
    await start(stack)
    const before = stack.status(['old']).services[0]?.pid
    await bench.load(one)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=Running old=Running')
    assert.equal(after.status(['old']).services[0]?.pid, before)
    await stop(after)
    assert.deepEqual(await bench.left(), [])
  })

  it('is forgotten by the load after it was stopped', async () => {
    await using bench = await workbench()
    await start(await bench.load(two))
    const stack = await bench.load(one)
    await stop(stack, ['old'])
    assert.equal(states(await bench.load(one)), 'api=Running')
    assert.equal(states((await bench.again()).find('demo')), 'api=Running')
  })

  it('is the same service when the file has it again, also after another daemon has taken over', async () => {
    await using bench = await workbench()
    const stack = await bench.load(two)
    await start(stack)
    const before = stack.status([]).services.map(({pid}) => pid)
    await bench.load(one)
    await bench.again()
    const back = await bench.load(two)
    assert.deepEqual((await start(back)).unchanged, ['api', 'old'])
    assert.deepEqual(new Set(back.status([]).services.map(({pid}) => pid)), new Set(before))
    assert.equal((await bench.left()).length, 2)
  })

  it('goes on when it is a task, and is forgotten once that has its end', async () => {
    await using bench = await workbench()
    const seed = task('seed', 'echo began >> ran; until [ -e go ]; do sleep 0.02; done; echo ended >> ran')
    const running = (await bench.load(file([sh('api', forever)], [seed]))).runTask('seed', {env: {}, force: false})
    running.catch(() => undefined)
    await eventually(() => bench.written('ran').length === 1)
    await bench.load(one)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=NotStarted seed=Running')
    writeFileSync(path.join(bench.folder, 'go'), '')
    await eventually(() => states(after) === 'api=NotStarted seed=Succeeded')
    assert.deepEqual(bench.written('ran'), ['began', 'ended'])
    assert.equal(states(await bench.load(one)), 'api=NotStarted')
  })
})
