import assert from 'node:assert/strict'
import {copyFile, mkdir} from 'node:fs/promises'
import {execFile} from 'node:child_process'
import path from 'node:path'
import {promisify} from 'node:util'
import {before, describe, it} from 'mocha'
import {findAnvil} from '../../../../plugins/graph/src/anvil/find-anvil.js'
import {root, type Sandbox, until} from '../../../support/harness.js'
import {succeeds} from '../../docker/commands.js'
import type {TestEngine} from '../../docker/engine.js'
import {withEngine} from '../../docker/with-engine.js'

const run = promisify(execFile)
const nobody = '0x00000000000000000000000000000000000000aa'

const stack = `
name: chains
services:
  anvil:
    service_type: anvil
    ports: {rpc: 0}
    config: {from: docker, image: 'anvil:local', chain_id: 1337, state: chain/state.json}
  other:
    service_type: anvil
    ports: {rpc: '0:8545'}
    config: {image: 'anvil:local'}
  fork:
    service_type: anvil
    ports: {rpc: 0}
    config: {image: 'anvil:local', fork: {url: '\${other.url}/?key=s3cr3t'}}
    dependencies: [other]
`

/** The program of this machine and what it is linked with: no image can be fetched. */
async function importAnvil(engine: TestEngine): Promise<void> {
  const program = findAnvil(undefined)
  assert.ok(program)
  const folder = path.join(engine.folder, 'anvil')
  const {stdout} = await run('ldd', [program])
  const libraries = stdout.match(/\/\S+/g) ?? []
  // Without certificates it asks no other chain, not even by http.
  for (const file of [...libraries, '/etc/ssl/certs/ca-certificates.crt']) {
    await mkdir(path.join(folder, path.dirname(file)), {recursive: true})
    await copyFile(file, path.join(folder, file))
  }
  for (const name of ['usr/bin', 'tmp']) await mkdir(path.join(folder, name), {recursive: true})
  await copyFile(program, path.join(folder, 'usr/bin/anvil'))
  await run('tar', ['-C', folder, '-cf', `${folder}.tar`, '.'])
  await engine.docker('import', `${folder}.tar`, 'anvil:local')
}

describe('plugins/graph: anvil in a container', function () {
  this.timeout(120_000)
  const theEngine = withEngine()
  let engine: TestEngine
  before(async () => {
    engine = theEngine()
    await importAnvil(engine)
  })

  it('does what it does elsewhere, but for leaving a fork', async () => {
    await using sandbox = await engine.sandbox()
    await linkGraph(sandbox)
    await sandbox.write(stack)
    await mkdir(path.join(sandbox.folder, 'chain'))
    await succeeds(sandbox, 'start')
    const act = async <T>(service: string, action: string, ...params: readonly string[]): Promise<T> => {
      const flags = params.flatMap((each) => ['--param', each])
      const lines = (await succeeds(sandbox, 'action', 'run', service, action, ...flags, '--json')).trim().split('\n')
      const {output} = JSON.parse(lines.at(-1) ?? '') as {output: T}
      return output
    }
    const info = await act<{chain_id: number; fork: unknown}>('anvil', 'node-info')
    assert.deepEqual([info.chain_id, info.fork], [1337, null])
    assert.match(JSON.stringify((await act<{fork: unknown}>('fork', 'node-info')).fork), /key=s3cr3t/)
    assert.equal((await act<{block_number: number}>('anvil', 'mine-blocks', 'count=3')).block_number, 3)
    const set = await act('anvil', 'set-balance', `address=${nobody}`, 'balance=200')
    assert.deepEqual(set, {address: nobody, balance: '200'})
    const {id} = await act<{id: string}>('anvil', 'snapshot')
    await act('anvil', 'increase-time', 'seconds=60')
    assert.equal((await act<{block_number: number}>('anvil', 'revert', `id=${id}`)).block_number, 3)
    assert.equal((await act<{block_number: number}>('anvil', 'reorg', 'depth=1')).block_number, 3)
    assert.deepEqual(await act('anvil', 'set-automine', 'enabled=true'), {enabled: true})
    assert.deepEqual(await act('anvil', 'impersonate', `address=${nobody}`), {address: nobody, unlocked: true})

    const {code, stderr} = await sandbox.run('action', 'run', 'fork', 'unfork')
    assert.notEqual(code, 0)
    assert.match(stderr, /only a new process leaves a fork/)
    assert.match(stderr, /harness restart fork/)

    await succeeds(sandbox, 'restart', 'anvil')
    assert.equal((await act<{block_number: number}>('anvil', 'node-info')).block_number, 3)
    await succeeds(sandbox, 'stop')
    await until(async () => (await engine.docker('ps', '--all', '--quiet')) === '', 'no container is left')
  })
})

async function linkGraph(sandbox: Sandbox): Promise<void> {
  const data = path.join(path.dirname(sandbox.state), 'data')
  sandbox.variables = {...sandbox.variables, HARNESS_DATA_DIR: data, HARNESS_NO_USER_PLUGINS: ''}
  await succeeds(sandbox, 'plugins', 'link', path.join(root, 'plugins/graph'), '--no-install')
}
