import assert from 'node:assert/strict'
import {mkdirSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import type {WatchDefinition} from '../../../src/core/contract/stack.js'
import {eventually} from '../process/temporary.js'
import {run} from './task-bench.js'
import {file, forever, sh, start, states, stop, task, workbench} from './workbench.js'

type Bench = Awaited<ReturnType<typeof workbench>>

const watch = (more: Partial<WatchDefinition> = {}): WatchDefinition => ({
  paths: ['src'],
  include: [],
  ignore: [],
  debounceMs: 50,
  action: {kind: 'restart'},
  ...more,
})
const write = (bench: Bench, name: string, text = String(Math.random())): void => {
  mkdirSync(path.dirname(path.join(bench.folder, name)), {recursive: true})
  writeFileSync(path.join(bench.folder, name), text)
}

/** Writes until the watch, which opens in its own time, has seen it; leaves it time to see each. */
async function writeUntil(bench: Bench, name: string, seen: () => boolean): Promise<void> {
  for (let round = 0; round < 10 && !seen(); round += 1) {
    write(bench, name)
    await eventually(seen, 1000).catch(() => undefined)
  }
  assert.ok(seen(), `${name} was seen`)
}

async function running(bench: Bench, more: Partial<WatchDefinition>, script = forever) {
  write(bench, 'src/main.js')
  const stack = await bench.loadWith(file([sh('api', script)], [task('build', 'echo built >> ran')]), {
    api: {watch: [watch(more)]},
  })
  await start(stack)
  const attempt = (): number => stack.status(['api']).services[0]?.attempt ?? 0
  return {stack, attempt}
}

describe('a service whose files are watched', () => {
  it('is restarted once when several of them change, with the reason', async () => {
    await using bench = await workbench()
    const {stack, attempt} = await running(bench, {debounceMs: 300})
    await writeUntil(bench, 'src/main.js', () => attempt() === 2)
    await eventually(() => states(stack).startsWith('api=Running'))
    const reason = stack.history('api').find(({event}) => event === 'restart')?.reason
    assert.equal(reason, 'src/main.js changed')
  })

  it('is left alone by what is not included, or ignored', async () => {
    await using bench = await workbench()
    const {attempt} = await running(bench, {include: ['**/*.js'], ignore: ['src/out/**']})
    await writeUntil(bench, 'src/main.js', () => attempt() > 1)
    const before = attempt()
    write(bench, 'src/notes.txt')
    write(bench, 'src/out/main.js')
    write(bench, 'src/node_modules/x/main.js')
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(attempt(), before)
  })

  it('can have a task run instead', async () => {
    await using bench = await workbench()
    const {attempt} = await running(bench, {action: {kind: 'task', task: 'build'}})
    await writeUntil(bench, 'src/main.js', () => bench.written('ran').length > 0)
    assert.equal(attempt(), 1)
  })

  it('has its task run once more for what changes while it runs', async () => {
    await using bench = await workbench()
    write(bench, 'src/main.js')
    const script = 'echo began >> ran; until [ -e go ]; do sleep 0.02; done; cat src/main.js >> read; echo >> read'
    const stack = await bench.loadWith(file([sh('api', forever)], [task('build', script)]), {
      api: {watch: [watch({action: {kind: 'task', task: 'build'}})]},
    })
    await start(stack)
    await writeUntil(bench, 'src/main.js', () => bench.written('ran').length > 0)
    write(bench, 'src/main.js', 'almost')
    write(bench, 'src/main.js', 'last')
    await new Promise((resolve) => setTimeout(resolve, 400))
    write(bench, 'go')
    await eventually(() => bench.written('read').length === 2 && states(stack).endsWith('build=Succeeded'))
    assert.deepEqual([bench.written('ran').length, bench.written('read')[1]], [2, 'last'])
  })

  it('has its task run after a run that goes on already, which may have read them before', async () => {
    await using bench = await workbench()
    write(bench, 'src/main.js')
    const script = 'echo began >> ran; until [ -e go ]; do sleep 0.02; done'
    const stack = await bench.loadWith(file([sh('api', forever)], [task('build', script)]), {
      api: {watch: [watch({paths: ['src'], action: {kind: 'task', task: 'build'}})]},
    })
    await start(stack)
    const byHand = run(bench, 'build')
    await eventually(() => bench.written('ran').length === 1)
    for (let round = 0; round < 5; round += 1) {
      write(bench, 'src/main.js')
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    write(bench, 'go')
    await byHand
    await eventually(() => bench.written('ran').length >= 2)
  })

  it('has its task run without touching services: what was stopped by hand stays stopped', async () => {
    await using bench = await workbench()
    write(bench, 'src/main.js')
    const stack = await bench.loadWith(
      file(
        [sh('db', forever), sh('api', forever)],
        [task('needy', 'echo needy >> ran', 'dependencies: [db]'), task('build', 'echo built >> ran')],
      ),
      {
        api: {
          watch: [
            watch({action: {kind: 'task', task: 'needy'}}),
            watch({action: {kind: 'task', task: 'build'}, debounceMs: 150}),
          ],
        },
      },
    )
    await start(stack)
    await writeUntil(bench, 'src/main.js', () => bench.written('ran').includes('needy'))
    await eventually(() => bench.written('ran').includes('built'))
    await stop(stack, ['db'])
    const built = (): number => bench.written('ran').filter((line) => line === 'built').length
    const needy = bench.written('ran').length - built()
    const before = built()
    await writeUntil(bench, 'src/main.js', () => built() > before)
    assert.match(states(stack), /^db=Stopped api=Running/)
    assert.equal(bench.written('ran').length - built(), needy)
  })

  it('has its task run with services as they are, also where their definition has changed', async () => {
    await using bench = await workbench()
    write(bench, 'src/main.js')
    const build = task('build', 'echo built >> ran', 'dependencies: [db]')
    const api = {watch: [watch({action: {kind: 'task', task: 'build'}})]}
    const stack = await bench.loadWith(file([sh('db', forever), sh('api', forever)], [build]), {api})
    await start(stack)
    const changed = sh('db', forever, 'env: {NEW: "1"}')
    await bench.loadWith(file([changed, sh('api', forever)], [build]), {api})
    await writeUntil(bench, 'src/main.js', () => bench.written('ran').length > 0)
    assert.deepEqual(
      stack.status([]).services.map(({name, attempt}) => [name, attempt]),
      [
        ['db', 1],
        ['api', 1],
      ],
    )
  })

  it('stays stopped when it was stopped by hand', async () => {
    await using bench = await workbench()
    const {stack, attempt} = await running(bench, {})
    await writeUntil(bench, 'src/main.js', () => attempt() === 2)
    await stop(stack, ['api'])
    const before = attempt()
    write(bench, 'src/main.js')
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.match(states(stack), /^api=Stopped/)
    assert.equal(attempt(), before)
  })

  it('that changes them itself whenever it begins is not restarted for ever', async () => {
    await using bench = await workbench()
    const {stack, attempt} = await running(bench, {debounceMs: 20}, 'sleep 0.2; date +%N > src/stamp; exec sleep 600')
    await writeUntil(bench, 'src/main.js', () => attempt() > 1)
    await eventually(
      () => /^watch: src\/stamp changed again/.test(stack.status(['api']).services[0]?.reason ?? ''),
      15_000,
    )
    const reached = attempt()
    write(bench, 'src/main.js')
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(attempt(), reached)
    assert.ok(reached <= 8, `${reached} attempts`)
  })
})
