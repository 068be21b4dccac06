import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'
import {HarnessError} from '../../../src/core/base/errors.js'
import type {Change} from '../../../src/core/store/store.js'
import {writeAgainMs} from '../../../src/core/store/write-failed.js'
import {eventually} from '../process/temporary.js'
import {run, type Bench} from './task-bench.js'
import {file, forever, sh, states, stop, task, workbench} from './workbench.js'

const untilGo = (then: string): string => `echo began >> ran; while [ ! -e go ]; do sleep 0.02; done; ${then}`

/** From now on nothing can be written; answers what makes room. `refused` is how often something was. */
function fillDisk({store}: Bench, details?: {readonly readOnly: true}) {
  const commit = store.commit.bind(store)
  const disk = {
    refused: 0,
    free: () => {
      store.commit = commit
    },
  }
  store.commit = (_changes: readonly Change[]) => {
    disk.refused += 1
    const reason = 'no space left'
    return Promise.reject(
      new HarnessError('STATE_WRITE_FAILED', {subject: '/state', reason, ...(details && {details})}),
    )
  }
  return disk
}

describe('a task that ends while the disk is full', () => {
  for (const [script, state, code] of [
    ['exit 0', 'Succeeded', 0],
    ['exit 7', 'Failed', 7],
  ] as const) {
    it(`is ${state} as soon as there is room, with its exit code, and was run once (P4)`, async () => {
      await using bench = await workbench()
      const stack = await bench.load(file([sh('api', forever)], [task('seed', untilGo(script))]))
      const running = run(bench, 'seed')
      await eventually(() => bench.written('ran').length === 1)
      const disk = fillDisk(bench)
      writeFileSync(path.join(bench.folder, 'go'), '')
      await eventually(() => disk.refused >= 2)
      assert.match(states(stack), /seed=Running/, 'nothing is told that is not written')
      disk.free()
      const freed = performance.now()
      const {task: ended} = await running
      assert.deepEqual([ended.state, ended.exit?.code], [state, code])
      assert.ok(performance.now() - freed < writeAgainMs + 2000)
      assert.equal(bench.written('ran').length, 1)
      assert.equal(bench.troubles.filter((line) => line.includes('could not be written')).length, 1, 'says so once')
    })
  }

  it('does not wait where nothing will be written any more (P5)', async () => {
    await using bench = await workbench()
    await bench.load(file([sh('api', forever)], [task('seed', untilGo('exit 0'))]))
    const running = run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    const disk = fillDisk(bench, {readOnly: true})
    writeFileSync(path.join(bench.folder, 'go'), '')
    await assert.rejects(running, {code: 'STATE_WRITE_FAILED'})
    disk.free()
  })

  it('can be stopped, which is refused as long as it cannot be written', async () => {
    await using bench = await workbench()
    const stack = await bench.load(file([sh('api', forever)], [task('seed', untilGo('exit 0'))]))
    const running = run(bench, 'seed').catch((error: unknown) => error)
    await eventually(() => bench.written('ran').length === 1)
    const disk = fillDisk(bench)
    writeFileSync(path.join(bench.folder, 'go'), '')
    await eventually(() => disk.refused >= 1)
    await assert.rejects(stop(stack), {code: 'STATE_WRITE_FAILED'})
    disk.free()
    assert.ok((await running) instanceof Error)
    await stop(stack)
    assert.match(states(stack), /seed=Failed/)
  })
})
