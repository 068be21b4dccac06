import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {kill} from '../service/workbench.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, workbench} from './workbench.js'

type Bench = Awaited<ReturnType<typeof workbench>>

/** The journal is gone, or what is in it of some keys. */
async function lose(bench: Bench, prefix = ''): Promise<void> {
  await bench.stacks.close()
  await bench.store.commit(bench.store.entries(prefix).map(([key]) => ({key, value: undefined})))
}

const pids = (bench: Bench): readonly (number | null)[] =>
  bench.stacks
    .find('demo')
    .status([])
    .services.map(({pid}) => pid)

/** The journal says nothing of a second replica that runs. Answers what runs. */
async function loseScale(bench: Bench): Promise<ReturnType<typeof pids>> {
  const stack = await bench.load(file([sh('api', forever)]))
  await start(stack)
  const saved = bench.store.get(`stack/${stack.id}`)
  await bench.stacks.scale(stack, {service: 'api', replicas: 2}, {env: {}})
  const running = pids(bench)
  await lose(bench, `service/${stack.id}/api-2`)
  await bench.store.commit([{key: `stack/${stack.id}`, value: saved}])
  return running
}

describe('stacks whose journal was lost', () => {
  it('are brought back while something of them runs, and start nothing twice', async () => {
    await using bench = await workbench()
    const text = file([sh('api', forever, 'dependencies: [db]'), sh('db', forever), sh('spare', forever)])
    await start(await bench.load(text), ['api'])
    await bench.stacks.scale(bench.stacks.find('demo'), {service: 'spare', replicas: 2}, {env: {}})
    const before = pids(bench)
    const running = 'api=Running db=Running spare=Running spare-2=Running'
    assert.equal(states(bench.stacks.find('demo')), running)
    await lose(bench)
    const after = (await bench.again()).find('demo')
    await eventually(() => states(after) === running)
    assert.deepEqual(pids(bench), before)
    assert.ok(bench.store.get(`stack/${after.id}`))

    const outcome = await start(await bench.load(text))
    assert.deepEqual([outcome.started, pids(bench)], [[], before])
    await stop(after)
    assert.deepEqual(await bench.left(), [])
  })

  it('are not while nothing runs; their file finds them again', async () => {
    await using bench = await workbench()
    const text = file([sh('api', forever)])
    await start(await bench.load(text))
    const [pid] = pids(bench)
    await lose(bench)
    kill(pid ?? 0)
    await eventually(async () => (await bench.left()).length === 0)
    assert.deepEqual((await bench.again()).all(), [])
    const stack = await bench.load(text)
    assert.equal(states(stack), 'api=NotStarted')
    await bench.stacks.forget(stack)
    assert.equal(existsSync(path.join(bench.folder, 'runs', stack.id)), false)
  })

  it('take over a service that came with the part that was lost', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    const saved = bench.store.get(`stack/${stack.id}`)
    const text = file([sh('api', forever), sh('late', forever)])
    await start(await bench.load(text))
    const before = pids(bench)
    await lose(bench, `service/${stack.id}/late`)
    await bench.store.commit([{key: `stack/${stack.id}`, value: saved}])
    rmSync(path.join(bench.folder, 'runs', stack.id, '.stack.json'))
    assert.equal(states((await bench.again()).find('demo')), 'api=Running')
    const after = await bench.load(text)
    await eventually(() => states(after) === 'api=Running late=Running')
    assert.deepEqual(pids(bench), before)
  })

  it('take over a replica whose number was lost, before a scale starts another one beside it', async () => {
    await using bench = await workbench()
    const before = await loseScale(bench)
    const after = (await bench.again()).find('demo')
    await bench.stacks.scale(after, {service: 'api', replicas: 2}, {env: {}})
    await eventually(() => states(after) === 'api=Running api-2=Running')
    assert.deepEqual(pids(bench), before)
    assert.equal((await bench.left()).length, 2)
  })

  it('have their last change again when that alone was lost, and are not forgotten before what it began is stopped', async () => {
    await using bench = await workbench()
    const before = await loseScale(bench)

    const after = (await bench.again()).find('demo')
    await eventually(() => states(after) === 'api=Running api-2=Running')
    assert.deepEqual(pids(bench), before)
    await stop(after)
    assert.deepEqual(await bench.left(), [])
    await bench.stacks.forget(after)
  })

  it('are not forgotten while something of them runs that no record knows', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    await lose(bench, `service/${stack.id}/api`)
    // Without its copy it is found by nobody; with it, in time.
    const folder = path.join(bench.folder, 'runs', stack.id, 'api')
    const copy = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.json')) ?? '')
    renameSync(copy, `${copy}.away`)
    const after = (await bench.again()).find('demo')
    assert.equal(states(after), 'api=NotStarted')
    renameSync(`${copy}.away`, copy)
    await assert.rejects(bench.stacks.forget(after), {code: 'STACK_IN_USE', reason: /^of api something runs/})
    assert.equal((await bench.left()).length, 1)
  })

  it('are not brought back by a copy that is damaged, or of another stack', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await start(stack)
    const copy = path.join(bench.folder, 'runs', stack.id, '.stack.json')
    const whole = readFileSync(copy, 'utf8')
    await lose(bench)
    for (const text of [
      '{',
      '[]',
      '{"schema": 1, "value": {}}',
      whole.replace('"schema":1', '"schema":2'),
      whole.replace('"name":"demo"', '"name":"other"'),
    ]) {
      writeFileSync(copy, text)
      assert.deepEqual((await bench.again()).all(), [], text)
    }
    assert.equal((await bench.left()).length, 1)
  })
})
