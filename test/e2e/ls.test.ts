import assert from 'node:assert/strict'
import {mkdir} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus, StartOutcome} from '../../src/core/contract/status.js'
import type {StackSummary} from '../../src/core/protocol/methods.js'
import {isAlive, Sandbox, until} from '../support/harness.js'

interface Listed {
  readonly stacks: readonly StackSummary[]
}

const three = `
services:
  db: {type: process, binary: sleep, args: ['1000']}
  api: {type: process, binary: sleep, args: ['1000'], dependencies: [db]}
  web: {type: process, binary: sleep, args: ['1000'], dependencies: [api]}
`

describe('ls', function () {
  this.timeout(60_000)

  it('shows both of two stacks of three from folders with the same name, which do not collide', async () => {
    await using sandbox = await Sandbox.make()
    const [left, right] = await Promise.all(
      ['left', 'right'].map(async (side) => {
        await mkdir(path.join(sandbox.folder, side, 'shop'), {recursive: true})
        return sandbox.write(three, path.join(side, 'shop', 'harness.yaml'))
      }),
    )
    assert.ok(left && right)
    const pids: number[] = []
    for (const file of [left, right]) {
      const outcome = await sandbox.json<StartOutcome>('start', '-c', file)
      assert.deepEqual([...outcome.started].sort(), ['api', 'db', 'web'])
      const {services} = await sandbox.json<StackStatus>('status', '-c', file)
      for (const {state, pid} of services) {
        assert.equal(state, 'Running')
        assert.ok(pid !== null && (await isAlive(pid)))
        pids.push(pid)
      }
    }
    assert.equal(new Set(pids).size, 6)

    const {stacks} = await sandbox.json<Listed>('ls')
    assert.deepEqual(
      stacks.map(({name, file, running, total}) => ({name, file, running, total})),
      [left, right].map((file) => ({name: 'shop', file, running: 3, total: 3})),
    )
    assert.notEqual(stacks[0]?.stack, stacks[1]?.stack)
    const {stdout} = await sandbox.run('ls')
    for (const {stack, file} of stacks) assert.match(stdout, new RegExp(`^shop +3/3 +${stack} +${file}$`, 'm'))

    const unclear = await sandbox.run('status', '--stack', 'shop')
    assert.equal(unclear.code, 2)
    assert.match(unclear.stderr, /'shop' could mean several stacks/)
    for (const {stack, file} of stacks) assert.ok(unclear.stderr.includes(`${stack} (${file}, 3 running)`))
    assert.match(unclear.stderr, new RegExp(`--stack ${stacks[0]?.stack ?? ''}, or by its file with -c FILE`))

    const [, second] = stacks
    assert.ok(second)
    assert.equal((await sandbox.json<StackStatus>('status', '--stack', second.stack)).file, right)
    assert.equal((await sandbox.run('stop', '-c', left)).code, 0)
    assert.deepEqual(await Promise.all(pids.map(isAlive)), [false, false, false, true, true, true])
    assert.deepEqual(
      (await sandbox.json<Listed>('list')).stacks.map(({running}) => running),
      [0, 3],
    )

    assert.equal((await sandbox.run('stop', '--stack', second.stack)).code, 0)
    await until(async () => (await sandbox.processes()).length === 0, 'the daemon ends when nothing is left to do')
    assert.deepEqual(
      (await sandbox.json<Listed>('ls')).stacks,
      stacks.map((stack) => ({...stack, running: 0})),
      'the state on disk answers without a daemon',
    )
    assert.deepEqual(await sandbox.processes(), [], 'and none is started for it')
  })

  it('says so where nothing has been started', async () => {
    await using sandbox = await Sandbox.make()
    assert.deepEqual(await sandbox.json<Listed>('ls'), {stacks: []})
    assert.match((await sandbox.run('ls')).stdout, /^No stack has been started\. `harness start`/)
  })
})
