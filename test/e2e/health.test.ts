import assert from 'node:assert/strict'
import {rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import type {ServiceHealth} from '../../src/core/contract/status.js'
import {Sandbox} from '../support/harness.js'

describe('harness health', function () {
  this.timeout(60_000)

  it('asks now, exits with 4 when something is amiss, and with 0 when all is well', async () => {
    await using sandbox = await Sandbox.make()
    await sandbox.write(`
services:
  api:
    type: process
    binary: sleep
    args: ['1000']
    health_check: {command: test, args: [-e, well], interval: 1h}
  db: {type: process, binary: sleep, args: ['1000']}
`)
    const nothing = await sandbox.run('health')
    assert.deepEqual([nothing.code, nothing.stdout.startsWith('Nothing is running.')], [4, true])
    await writeFile(path.join(sandbox.folder, 'well'), '')
    assert.equal((await sandbox.run('start')).code, 0)
    const well = await sandbox.run('health')
    assert.equal(well.code, 0, well.stderr)
    assert.match(well.stdout, /api +health_check +ok .*command 'test' exited with code 0/)
    await rm(path.join(sandbox.folder, 'well'))
    assert.equal((await sandbox.run('health')).code, 4)
    assert.equal((await sandbox.run('health', 'db')).code, 0)
    const {services} = await sandbox.json<{services: readonly ServiceHealth[]}>('health', 'api')
    assert.deepEqual(
      services.map(({name, verdict, probes}) => [name, verdict, probes.map(({ok}) => ok)]),
      [['api', 'unhealthy', [false]]],
    )
    assert.equal((await sandbox.run('health', 'nobody')).code, 2)
  })
})
