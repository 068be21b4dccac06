import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Stack} from '../../../src/core/stack/stack.js'
import {eventually} from '../process/temporary.js'
import {file, forever, sh, shown, start, states, stop, task, workbench} from './workbench.js'

const never = new AbortController().signal

async function read(stack: Stack, names: readonly string[], more: {tail?: number; attempts?: 'all' | 'last'} = {}) {
  const {tail = null, attempts = 'all'} = more
  const lines: string[] = []
  for await (const batch of stack.logs.read({names, tail, attempts, follow: false, signal: never}))
    lines.push(...batch.map(shown))
  return lines
}

describe('the logs of a stack', () => {
  it('hold all attempts of a service, or only the last', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'echo "I am $$"; echo done')]))
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await start(stack)
      await eventually(() => states(stack) === 'api=Stopped')
    }
    const all = await read(stack, ['api'])
    assert.deepEqual(
      all.map((line) => line.replace(/\d+$/, 'N')),
      [1, 2, 3].flatMap((attempt) => [`api ${attempt}: I am N`, `api ${attempt}: done`]),
    )
    assert.equal((await read(stack, ['api'], {attempts: 'last'})).length, 2)
    assert.deepEqual(await read(stack, ['api'], {tail: 3}), all.slice(-3))
    assert.deepEqual(await stack.logs.lastLines('api', 1), ['done'])
  })

  it('of services and tasks are read together, also by a later daemon', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file([sh('api', `echo api; ${forever}`, 'dependencies: [{task: seed}]')], [task('seed', 'echo seed')]),
    )
    await start(stack)
    assert.deepEqual(stack.names, ['api', 'seed'])
    await eventually(async () => (await read(stack, stack.names)).length === 2)
    const after = (await bench.again()).find('demo')
    assert.deepEqual([...(await read(after, after.names))].sort(), ['api 1: api', 'seed 1: seed'])
  })

  it('are followed over a restart, without a line twice or missing', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', `echo one; echo two; ${forever}`), sh('other', forever)]))
    await start(stack)
    const leaving = new AbortController()
    const lines: string[] = []
    const following = (async () => {
      const wish = {names: ['api', 'other'], tail: null, attempts: 'all', follow: true, signal: leaving.signal} as const
      for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
    })()
    await eventually(() => lines.length === 2)
    await start(stack, ['api'], {restart: true})
    await eventually(() => lines.length === 4)
    await stop(stack)
    await start(stack)
    await eventually(() => lines.length === 6)
    leaving.abort()
    await following
    assert.deepEqual(
      lines,
      [1, 2, 3].flatMap((attempt) => [`api ${attempt}: one`, `api ${attempt}: two`]),
    )
    assert.deepEqual(bench.troubles, [])
  })

  it('are followed from before the first start', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', 'echo quick')]))
    const leaving = new AbortController()
    const lines: string[] = []
    const following = (async () => {
      const wish = {names: ['api'], tail: 10, attempts: 'last', follow: true, signal: leaving.signal} as const
      for await (const batch of stack.logs.read(wish)) lines.push(...batch.map(shown))
    })()
    await start(stack)
    await eventually(() => lines.length === 1)
    leaving.abort()
    await following
    assert.deepEqual(lines, ['api 1: quick'])
  })

  it('of a name that nothing has are refused', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)]))
    await assert.rejects(read(stack, ['ghost']), {code: 'SERVICE_UNKNOWN', subject: 'ghost'})
  })
})
