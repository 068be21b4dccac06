import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Json} from '../../../src/core/base/json.js'
import {callerEnv} from '../service/workbench.js'
import {own, run, withType, type Bench} from './task-bench.js'
import {file, forever, sh, task, workbench} from './workbench.js'

/** Runs a task and answers what its client and the subscribers hear. */
async function heard(bench: Bench, name: string) {
  const client: Json[] = []
  let rooms = 0
  const end = await bench.stacks.find('demo').runTask(name, {
    env: callerEnv,
    force: false,
    taskEvents: {
      onEvent: (of, event) => client.push([of, event]),
      room: () => Promise.resolve(void (rooms += 1)),
    },
  })
  const published = bench.events.flatMap((each) => (each.topic === 'task.event' ? [[each.task, each.event]] : []))
  return {...end, client, published, rooms: () => rooms}
}

describe('what a task says', () => {
  it('is heard by its client and by subscribers: lines of commands, those of what it needs too', async () => {
    await using bench = await workbench()
    await bench.load(
      file(
        [sh('db', forever)],
        [
          task('first', 'echo one; echo two >&2; printf three'),
          task('second', 'true', 'dependencies: [{task: first}]'),
        ],
      ),
    )
    const {client, published, rooms} = await heard(bench, 'second')
    assert.deepEqual(published, client)
    assert.deepEqual(client.map((each) => JSON.stringify(each)).sort(), [
      '["first",{"stream":"stderr","text":"two"}]',
      '["first",{"stream":"stdout","text":"one"}]',
      '["first",{"stream":"stdout","text":"three"}]',
    ])
    assert.equal(rooms(), 3, 'and it waits until there is room')
  })

  it('is dropped where it does not fit its type, which is logged once', async () => {
    await using bench = await workbench()
    await withType(bench, {
      event: {type: 'object', properties: {step: {type: 'integer'}}, required: ['step']},
      run(_input, context) {
        const round: Record<string, Json> = {step: 1}
        context.emit(round)
        context.emit({step: 'two'})
        context.emit('three')
        context.emit(Object.assign(round, {round}))
        context.emit({step: 4})
        return Promise.resolve(null)
      },
    })
    await bench.load(file([sh('db', forever)], [own('seed')]))
    const {client, failure} = await heard(bench, 'seed')
    assert.equal(failure, null)
    assert.deepEqual(client, [
      ['seed', {step: 1}],
      ['seed', {step: 4}],
    ])
    assert.equal(bench.troubles.length, 1)
    assert.match(bench.troubles[0] ?? '', /a task emits what is not its event.*\/step must be integer/)
  })

  it('is what its type makes of the lines and the exit of what it launched', async () => {
    await using bench = await workbench()
    await withType(bench, {
      target: 'required',
      processEvent(event) {
        if (event.kind === 'exited') return {exited: event.status.by === 'code' ? event.status.code : null}
        return event.kind === 'line' && event.text.startsWith('at ') ? {at: Number(event.text.slice(3))} : undefined
      },
      async run(_input, context) {
        const handle = await context.launch()
        assert.equal(await context.launch(), handle)
        await handle.wait(context.signal)
        return null
      },
    })
    const target = 'target: {type: process, binary: sh, args: [-c, "echo at 1; echo noise; echo at 2; exit 3"]}'
    await bench.load(file([sh('db', forever)], [own('seed', target)]))
    const {client} = await heard(bench, 'seed')
    assert.deepEqual(client, [
      ['seed', {at: 1}],
      ['seed', {at: 2}],
      ['seed', {exited: 3}],
    ])
  })

  it('ends with it: what it launched and left running is ended', async () => {
    await using bench = await workbench()
    await withType(bench, {
      target: 'required',
      run: async (_input, context) => {
        await context.launch()
        return null
      },
    })
    const target = 'target: {type: process, binary: sh, args: [-c, "exec sleep 600"]}'
    await bench.load(file([sh('db', forever)], [own('seed', target)]))
    assert.equal((await run(bench, 'seed')).task.state, 'Succeeded')
    assert.deepEqual(await bench.left(), [])
  })
})
