import assert from 'node:assert/strict'
import {cp} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {StackStatus} from '../../src/core/contract/status.js'
import {isAlive, root, Sandbox, until} from '../support/harness.js'

describe('the quickstart', function () {
  this.timeout(60_000)

  it('starts with one command, survives its daemon, and leaves nothing when it is stopped', async () => {
    await using sandbox = await Sandbox.make()
    await cp(path.join(root, 'examples/quickstart'), sandbox.folder, {
      recursive: true,
      filter: (source) => path.basename(source) !== 'data',
    })

    const start = await sandbox.run('start', '-c', 'harness.yaml')
    assert.equal(start.code, 0, start.stderr)
    assert.match(start.stderr, /^Started the harness daemon \(pid \d+\)\.$/m)

    const before = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      before.services.map(({name, state}) => `${name} ${state}`),
      ['store Running', 'api Running', 'worker Running'],
    )
    const url = before.services.find(({name}) => name === 'api')?.endpoints[0]?.url
    assert.ok(url !== undefined && start.stdout.includes(url), 'start prints the endpoints')
    assert.match(await (await fetch(`${url}/api/cities`)).text(), /nairobi/i)

    await sandbox.killDaemon()
    const after = await sandbox.json<StackStatus>('status')
    assert.deepEqual(
      after.services.map(({name, state, pid}) => ({name, state, pid})),
      before.services.map(({name, state, pid}) => ({name, state, pid})),
    )

    const stop = await sandbox.run('stop')
    assert.equal(stop.code, 0, stop.stderr)
    for (const {pid} of before.services) assert.equal(await isAlive(pid ?? 0), false)
    const again = await sandbox.run('stop')
    assert.equal(again.code, 0)
    assert.match(again.stdout + again.stderr, /nothing is running/i)

    await until(async () => (await sandbox.processes()).length === 0, 'the daemon ends by itself', 10_000)
    await assert.rejects(sandbox.daemonPid(), 'its info file is gone')
    const idle = await sandbox.run('status')
    assert.equal(idle.code, 0)
    assert.match(idle.stdout + idle.stderr, /nothing is running/i)
    assert.deepEqual(await sandbox.processes(), [], 'status started no daemon')
  })
})
