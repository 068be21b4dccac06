import assert from 'node:assert/strict'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {file, forever, sh, start, states, stop, task, workbench} from './workbench.js'

const text = file([sh('api', forever)], [task('seed', 'echo "a=1" > "$HARNESS_OUTPUT"')])

describe('forgetting a stack', () => {
  it('is refused while something of it runs, and then leaves nothing of it', async () => {
    await using bench = await workbench()
    const stack = await bench.load(text)
    await start(stack)
    await stack.runTask('seed', {env: {PATH: process.env['PATH'] ?? ''}, force: false})
    await assert.rejects(bench.stacks.forget(stack), {
      code: 'STACK_IN_USE',
      message: "Stack 'demo' is in use: api is Running.",
      hint: 'Run `harness stop --stack demo` first.',
    })
    assert.equal(states(stack), 'api=Running seed=Succeeded')
    await stop(stack)
    const runs = path.join(bench.folder, 'runs', stack.id)
    assert.ok(existsSync(runs))
    await bench.stacks.forget(stack)
    assert.deepEqual([bench.store.entries(''), existsSync(runs), bench.stacks.all()], [[], false, []])
    assert.deepEqual(bench.events.at(-1), {topic: 'stack.forgotten', stack: stack.id, name: 'demo'})
    const anew = await bench.load(text)
    assert.deepEqual([states(anew), anew.status([]).services[0]?.attempt], ['api=NotStarted seed=Pending', 0])
    assert.deepEqual(bench.troubles, [])
  })

  it('takes the notes of those along that have become it', async () => {
    await using bench = await workbench()
    const before = await bench.load(text)
    await start(before)
    const now = await bench.load(text.replace('name: demo', 'name: other'))
    assert.notEqual(now.id, before.id)
    await bench.stacks.forget(now)
    assert.deepEqual(
      bench.stacks.summaries().map(({name, renamedTo}) => [name, renamedTo]),
      [['demo', undefined]],
    )
    await stop(before)
    await bench.stacks.forget(before)
    assert.deepEqual(bench.store.entries(''), [])
  })
})
