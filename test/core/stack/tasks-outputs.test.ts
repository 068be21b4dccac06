import assert from 'node:assert/strict'
import {readdirSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {describe, it} from 'mocha'

import {eventually} from '../process/temporary.js'
import {loadWith, run} from './task-bench.js'
import {file, forever, sh, start, states, task, workbench} from './workbench.js'

const outputs = async (script: string) => {
  await using bench = await workbench()
  await bench.load(file([sh('db', forever)], [task('seed', script)]))
  const {task: status, failure} = await run(bench, 'seed')
  return failure ? failure.reason : status.outputs
}

describe('the outputs of a command task', () => {
  it('are what it writes to the file named by HARNESS_OUTPUT, which is for its user alone', async () => {
    await using bench = await workbench()
    const script =
      'echo A=1 >> "$HARNESS_OUTPUT"; printf "B<<E\\n1\\n2\\nE\\n" >> $HARNESS_OUTPUT; stat -c %a $HARNESS_OUTPUT > mode'
    await bench.load(file([sh('db', forever)], [task('seed', script)]))
    assert.deepEqual((await run(bench, 'seed')).task.outputs, {A: '1', B: '1\n2', exitCode: 0})
    assert.deepEqual(bench.written('mode'), ['600'])
  })

  it('can be referred to by what needs it', async () => {
    await using bench = await workbench()
    const stack = await bench.load(
      file(
        [
          sh(
            'api',
            `echo $ADDRESS > address; ${forever}`,
            'dependencies: [{task: seed}]',
            'env: {ADDRESS: "${seed.outputs.address}"}',
          ),
        ],
        [task('seed', 'echo address=0x1 > $HARNESS_OUTPUT')],
      ),
    )
    assert.deepEqual((await start(stack)).failed, [])
    await eventually(() => bench.written('address').length === 1)
    assert.deepEqual(bench.written('address'), ['0x1'])
  })

  it('are read again when the daemon was not there as it ended', async () => {
    await using bench = await workbench()
    const script =
      'echo began >> ran; until [ -e go ]; do sleep 0.02; done; echo A=1 > $HARNESS_OUTPUT; echo ended >> ran'
    await bench.load(file([sh('db', forever)], [task('seed', script)]))
    void run(bench, 'seed')
    await eventually(() => bench.written('ran').length === 1)
    await bench.stacks.close()
    writeFileSync(path.join(bench.folder, 'go'), '')
    await eventually(async () => (await bench.left()).length === 0)
    await bench.again()
    const stack = bench.stacks.find('demo')
    await eventually(() => states(stack) === 'db=NotStarted seed=Succeeded')
    assert.deepEqual(stack.status([]).tasks[0]?.outputs, {A: '1', exitCode: 0})
    assert.deepEqual(bench.written('ran'), ['began', 'ended'])
  })

  it('may be none, or too much, or nothing that can be read', async () => {
    assert.deepEqual(await outputs('rm $HARNESS_OUTPUT'), {exitCode: 0})
    assert.deepEqual(await outputs('echo exitCode=9 > $HARNESS_OUTPUT'), {exitCode: 0})
    assert.equal(
      await outputs('echo A=1 > $HARNESS_OUTPUT; echo oh no >> $HARNESS_OUTPUT'),
      'line 2 of its outputs is not KEY=VALUE or KEY<<END',
    )
    assert.equal(
      await outputs('head -c 1048577 /dev/zero > $HARNESS_OUTPUT'),
      'it wrote 1048577 bytes to HARNESS_OUTPUT, at most 1048576 fit',
    )
    const notPlain = 'what it left at HARNESS_OUTPUT is no plain file'
    assert.equal(await outputs('rm $HARNESS_OUTPUT; mkfifo $HARNESS_OUTPUT'), notPlain)
    assert.equal(await outputs('rm $HARNESS_OUTPUT; ln -s /etc/passwd $HARNESS_OUTPUT'), notPlain)
  })

  it('are not those of the try before, and go with its log', async () => {
    await using bench = await workbench()
    const script = 'echo T$(wc -l < ran)=1 >> $HARNESS_OUTPUT; echo try >> ran; [ $(wc -l < ran) -gt 6 ]'
    writeFileSync(path.join(bench.folder, 'ran'), '')
    await loadWith(bench, file([sh('db', forever)], [task('seed', script)]), {
      retry: {retries: 9, delayMs: 1, factor: 1, maxDelayMs: 1, jitter: 0},
    })
    assert.deepEqual((await run(bench, 'seed')).task.outputs, {T6: '1', exitCode: 0})
    const stack = bench.stacks.find('demo')
    const folder = path.join(bench.folder, 'runs', stack.id, 'seed')
    await eventually(() => readdirSync(folder).length === 10)
    const kept = readdirSync(folder)
    assert.deepEqual(
      kept
        .map((name) => [name.endsWith('.output'), statSync(path.join(folder, name)).isFile()])
        .filter(([a, b]) => a !== b),
      [],
      'five attempts, each with its outputs',
    )
  })
})
