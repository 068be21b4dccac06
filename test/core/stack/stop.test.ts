import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {file, forever, sh, start, states, stop, summary, workbench} from './workbench.js'

const three = file([
  sh('web', forever, 'dependencies: [api]'),
  sh('api', forever, 'dependencies: [db]'),
  sh('db', forever),
])

describe('stopping services of a stack', () => {
  it('is refused while others need them, naming those', async () => {
    await using bench = await workbench()
    const stack = await bench.load(three)
    await start(stack)
    await assert.rejects(stop(stack, ['db'], 'refuse'), {
      code: 'SERVICE_IN_USE',
      subject: 'db',
      details: {dependents: ['api', 'web']},
    })
    assert.equal(states(stack), 'web=Running api=Running db=Running')
    assert.deepEqual((await stop(stack, ['web'], 'refuse')).stopped, ['web'])
  })

  it('takes dependents with them, or leaves them, as asked', async () => {
    await using bench = await workbench()
    const stack = await bench.load(three)
    await start(stack)
    assert.deepEqual((await stop(stack, ['db'], 'leave')).stopped, ['db'])
    assert.equal(states(stack), 'web=Running api=Running db=Stopped')
    await start(stack, ['db'])
    assert.deepEqual((await stop(stack, ['db'], 'stop')).stopped, ['web', 'api', 'db'])
    assert.deepEqual(await bench.left(), [])
  })

  it('that do not run changes nothing and is no failure', async () => {
    await using bench = await workbench()
    const stack = await bench.load(three)
    assert.deepEqual(await stop(stack), {
      stack: stack.id,
      stopped: [],
      failed: [],
      unchanged: ['web', 'api', 'db'],
    })
    assert.equal(states(stack), 'web=NotStarted api=NotStarted db=NotStarted')
  })

  it('ends ten that ignore the polite signal in the time of one', async () => {
    await using bench = await workbench()
    const deaf = `trap '' TERM; echo up >> up; while :; do sleep 0.2; done`
    const names = Array.from({length: 10}, (_, index) => `s${index}`)
    const stack = await bench.load(
      file(names.map((name) => sh(name, deaf).replace('shutdown_timeout: 2s', 'shutdown_timeout: 700ms'))),
    )
    await start(stack)
    await eventually(() => bench.written('up').length === 10)
    const began = performance.now()
    await stop(stack)
    const took = performance.now() - began
    assert.ok(took > 600 && took < 3500, `it took ${Math.round(took)} ms`)
    assert.deepEqual(await bench.left(), [])
  })

  it('wins over a policy that restarts for ever', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'exit 1', 'restart: {policy: always, delay: 10s}')]))
    const starting = start(stack)
    await eventually(() => states(stack) === 'api=Restarting')
    const began = performance.now()
    await stop(stack)
    assert.ok(performance.now() - began < 1000)
    const {failed} = await starting
    assert.deepEqual([states(stack), failed.map(({code}) => code)], ['api=Stopped', ['CANCELLED']])
  })

  it('and starting them again and again at the same time ends as was asked last', async () => {
    await using bench = await workbench()
    const stack = await bench.load(three)
    for (let round = 0; round < 4; round += 1) {
      const all: Promise<unknown>[] = []
      for (let each = 0; each < 4; each += 1) {
        all.push(start(stack))
        await new Promise((resolve) => setImmediate(resolve))
        all.push(stop(stack))
        await new Promise((resolve) => setImmediate(resolve))
      }
      await Promise.all(all)
      await stop(stack)
      assert.match(states(stack), /^web=(NotStarted|Stopped) api=(NotStarted|Stopped) db=(NotStarted|Stopped)$/)
      assert.deepEqual(await bench.left(), [])
    }
    await start(stack)
    assert.equal(states(stack), 'web=Running api=Running db=Running')
    assert.equal((await bench.left()).length, 3)
    assert.deepEqual(bench.troubles, [])
  })

  it('also ends what an edit took out of the file, in whatever state it is', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', forever), sh('old', forever), sh('flaky', 'exit 1', 'restart: {policy: always, delay: 200ms}')]),
    )
    void start(stack)
    await eventually(() => /old=Running flaky=Restarting/.test(states(stack)))
    await bench.load(file([sh('api', forever)]))
    assert.match(states(stack), /api=Running old=Running flaky=\w+$/)
    await stop(stack)
    assert.deepEqual(await bench.left(), [])
    await bench.load(file([sh('api', forever)]))
    assert.equal(states(stack), 'api=Stopped')
  })

  it('is taken back, for a service whose turn has not come, by a start that is asked for after it', async () => {
    await using bench = await workbench()
    const slow = `trap 'sleep 0.5; exit 0' TERM; echo up >> up; while :; do sleep 0.02; done`
    const stack = await bench.load(file([sh('web', slow, 'dependencies: [db]'), sh('db', forever)]))
    await start(stack)
    await eventually(() => bench.written('up').length === 1)
    const before = stack.status(['db']).services[0]?.pid
    const stopping = stop(stack)
    await eventually(() => stack.status(['db']).services[0]?.desired === 'down')
    assert.equal(states(stack), 'web=Stopping db=Running')
    assert.deepEqual(summary(await start(stack, ['db'])), {started: ['db']})
    const outcome = await stopping
    assert.deepEqual([outcome.stopped, outcome.unchanged], [['web'], ['db']])
    const [db] = stack.status(['db']).services
    assert.deepEqual([db?.state, db?.desired, db?.pid], ['Running', 'up', before])
  })

  it('is no failure when a service ends badly by itself meanwhile', async () => {
    await using bench = await workbench()
    const slow = `trap 'touch leave; sleep 0.5; exit 0' TERM; echo up >> up; while :; do sleep 0.02; done`
    const stack = await bench.load(
      file([sh('b', slow, 'dependencies: [a]'), sh('a', 'until [ -e leave ]; do sleep 0.02; done; exit 3')]),
    )
    await start(stack)
    await eventually(() => bench.written('up').length === 1)
    const outcome = await stop(stack)
    assert.deepEqual([outcome.stopped, outcome.failed], [['b', 'a'], []])
    assert.equal(states(stack), 'b=Stopped a=Failed')
  })
})
