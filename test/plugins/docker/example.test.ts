import assert from 'node:assert/strict'
import {cp, mkdir, symlink} from 'node:fs/promises'
import path from 'node:path'
import {before, describe, it} from 'mocha'
import type {StackStatus} from '../../../src/core/contract/status.js'
import {root, type Sandbox} from '../../support/harness.js'
import {needs} from '../../support/needs.js'
import {buildPostgresImage, postgresVersion} from '../../support/postgres-image.js'
import {prints, succeeds} from './commands.js'
import type {TestEngine} from './engine.js'
import {withEngine} from './with-engine.js'

const volume = 'harness-example-cities'

describe('examples/containers, with a real PostgreSQL', function () {
  this.timeout(120_000)
  const theEngine = withEngine()
  let engine: TestEngine

  before(async function () {
    this.timeout(120_000)
    needs(this, postgresVersion() !== undefined, 'postgresql')
    engine = theEngine()
    await engine.docker('tag', 'busybox:local', 'busybox:1.36')
    await buildPostgresImage(engine, 'postgres:16')
  })

  async function example(): Promise<Sandbox> {
    const sandbox = await engine.sandbox()
    await cp(path.join(root, 'examples/containers'), sandbox.folder, {recursive: true})
    const modules = path.join(sandbox.folder, 'node_modules')
    await mkdir(modules)
    await symlink(path.join(root, 'node_modules/pg'), path.join(modules, 'pg'))
    return sandbox
  }

  const visits = async (sandbox: Sandbox): Promise<number> => {
    const query = "SELECT visits FROM cities WHERE key = 'nairobi'"
    return Number(await succeeds(sandbox, 'exec', 'db', '--', 'psql', '-U', 'postgres', '-d', 'cities', '-Atc', query))
  }
  /** Until the worker has visited once more, from now on. */
  const goesOn = (sandbox: Sandbox): Promise<void> =>
    prints(sandbox, ['logs', '-f', '--tail', '0'], /^worker +│ \{"key":"nairobi","visits":\d+\}$/m)

  it('works as one: containers, a task in one, and a program of this machine', async () => {
    await using sandbox = await example()
    await succeeds(sandbox, 'start')
    await goesOn(sandbox)
    const first = await visits(sandbox)
    assert.ok(first > 0)
    assert.match(await succeeds(sandbox, 'status', '--detailed'), /^db\n(?: .*\n)* +memory +[\d.]+ MiB/m)

    const before = await sandbox.json<StackStatus>('status')
    await sandbox.killDaemon()
    const after = await sandbox.json<StackStatus>('status')
    const identity = ({services}: StackStatus) =>
      services.map(({name, state, pid, container}) => [name, state, pid, container])
    assert.deepEqual(identity(after), identity(before))

    await succeeds(sandbox, 'restart', 'db')
    await goesOn(sandbox)
    const second = await visits(sandbox)
    assert.ok(second > first, 'the data is in the volume')

    await succeeds(sandbox, 'stop')
    assert.equal(await engine.docker('ps', '-aq'), '')
    assert.equal(await engine.docker('network', 'ls', '-q', '--filter', 'label=harness.stack'), '')
    assert.equal(await engine.docker('volume', 'ls', '-q'), volume)

    await succeeds(sandbox, 'start', 'db')
    assert.ok((await visits(sandbox)) >= second)
    await succeeds(sandbox, 'stop')
    await engine.docker('volume', 'rm', volume)
  })
})
