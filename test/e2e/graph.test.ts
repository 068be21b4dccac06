import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {cp, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, it} from 'mocha'
import {systemClock} from '../../src/core/base/clock.js'
import {until, type Sandbox} from '../support/harness.js'
import {Chain, filesOf, graphExample, needsGraphPrograms, succeeds, tokenAddress} from '../support/graph-stack.js'

const bob = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

/** What the subgraph says that somebody has. */
async function balanceOf(sandbox: Sandbox, account: string): Promise<string | undefined> {
  const query = 'query ($id: ID!) {account(id: $id) {balance}}'
  const variables = JSON.stringify({id: account})
  const {stdout} = await succeeds(sandbox, 'graph', 'query', 'token', query, '--variables', variables)
  return (JSON.parse(stdout) as {account: {balance: string} | null}).account?.balance
}

async function inSync(sandbox: Sandbox): Promise<void> {
  await succeeds(sandbox, 'action', 'run', 'graph-node', 'wait-for-sync', '--param', 'name=token')
}

describe('examples/graph', function () {
  this.timeout(300_000)

  it('goes from nothing to data, follows a chain that changes its mind, says why a mapping failed, and leaves nothing', async function () {
    needsGraphPrograms(this)
    await using sandbox = await graphExample()
    const before = await filesOf(sandbox)
    const began = systemClock.monotonic()
    const up = await succeeds(sandbox, 'graph', 'up')
    assert.match(up.stdout, /^graph-node +http +http:/m)
    await succeeds(sandbox, 'graph', 'deploy', 'subgraph', '--name', 'token')
    assert.equal(await balanceOf(sandbox, bob), undefined)
    console.log(`      from nothing to a query in ${((systemClock.monotonic() - began) / 1000).toFixed(1)} s`)

    const chain = await Chain.of(sandbox)
    await chain.transfer(bob, 25)
    await chain.transfer(bob, 17)
    await succeeds(sandbox, 'graph', 'mine', '3')
    await inSync(sandbox)
    assert.equal(await balanceOf(sandbox, bob), '42')

    await succeeds(sandbox, 'action', 'run', 'anvil', 'Reorg', '--param', 'depth=5')
    const {stdout: mined} = await succeeds(sandbox, 'graph', 'mine')
    assert.equal(mined, `The chain is at block ${await chain.height()}.\n`)
    await inSync(sandbox)
    assert.equal(await balanceOf(sandbox, bob), undefined)
    await succeeds(sandbox, 'graph', 'status')

    await beginLate(sandbox, await chain.height())
    await chain.transfer(bob, 1)
    const failed = await sandbox.run('graph', 'deploy', 'late')
    assert.equal(failed.code, 4, failed.stderr)
    assert.match(failed.stderr, /gives more than it has/)
    const status = await sandbox.run('graph', 'status')
    assert.equal(status.code, 4)
    assert.match(status.stdout, /^Qm\w+ +healthy +\d+ of \d+$/m)
    assert.match(status.stdout, /^Qm\w+ +failed .*gives more than it has/m)
    const query = await sandbox.run('graph', 'query', 'late', '{accounts {id}}')
    assert.equal(query.code, 4)
    assert.match(query.stderr, /indexing_error/)

    await succeeds(sandbox, 'graph', 'down')
    await until(async () => (await sandbox.processes()).length === 0, 'nothing runs any more')
    assert.deepEqual(
      (await filesOf(sandbox)).filter((file) => !file.includes('/late')),
      before,
    )
  })

  it('survives a daemon that is killed in the middle of a deployment', async function () {
    needsGraphPrograms(this)
    await using sandbox = await graphExample()
    await succeeds(sandbox, 'graph', 'up')
    const deploy = spawn(process.execPath, [sandbox.command, 'graph', 'deploy', 'subgraph', '--name', 'token'], {
      cwd: sandbox.folder,
      env: sandbox.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = once(deploy, 'exit') as Promise<[number | null]>
    const printed = text(deploy.stdout)
    let said = ''
    deploy.stderr.setEncoding('utf8').on('data', (piece: string) => {
      said += piece
    })
    await until(() => said.includes('uploaded'), 'the deployment is under way', 60_000)
    await sandbox.killDaemon()
    const [code] = await ended
    if (code === 0) assert.match(await printed, /^token is deployed as Qm/)
    else assert.match(said, /the daemon ended during action\.invoke, and whether it was done cannot be told/)
    console.log(`      the deployment was ${code === 0 ? 'finished' : 'reported as interrupted'}`)

    const {stdout} = await succeeds(sandbox, 'graph', 'deploy', 'subgraph', '--name', 'token')
    assert.match(stdout, /^token is deployed as Qm\w+, and indexed up to block \d+\.$/m)
    assert.equal(await balanceOf(sandbox, bob), undefined)
  })

  it('begins anew: chain, databases and contracts, and what was up is up again', async function () {
    needsGraphPrograms(this)
    await using sandbox = await graphExample()
    await succeeds(sandbox, 'graph', 'up')
    await succeeds(sandbox, 'graph', 'deploy', 'subgraph', '--name', 'token')
    const before = await Chain.of(sandbox)
    await before.transfer(bob, 5)
    await succeeds(sandbox, 'graph', 'mine', '20')
    await inSync(sandbox)
    assert.equal(await balanceOf(sandbox, bob), '5')

    const {stdout} = await succeeds(sandbox, 'graph', 'reset', '--yes')
    const steps = stdout.split('\n').map((line) => line.split(' ')[0])
    assert.deepEqual(steps, ['Resetting', 'Stopping', 'Emptying', 'Starting', 'Starting', 'Done.', ''])
    const after = await Chain.of(sandbox)
    assert.ok((await after.height()) < 5)
    assert.notEqual(await after.call('eth_getCode', tokenAddress, 'latest'), '0x')
    const gone = await sandbox.run('graph', 'query', 'token', '{accounts {id}}')
    assert.equal(gone.code, 4, gone.stderr)
    await succeeds(sandbox, 'graph', 'deploy', 'subgraph', '--name', 'token')
    assert.equal(await balanceOf(sandbox, bob), undefined)
    await after.transfer(bob, 7)
    await inSync(sandbox)
    assert.equal(await balanceOf(sandbox, bob), '7')
  })
})

/** A copy of the subgraph that has not seen where the tokens come from. */
async function beginLate(sandbox: Sandbox, startBlock: number): Promise<void> {
  const late = path.join(sandbox.folder, 'late')
  await cp(path.join(sandbox.folder, 'subgraph'), late, {recursive: true})
  const manifest = path.join(late, 'build/subgraph.yaml')
  const content = await readFile(manifest, 'utf8')
  await writeFile(manifest, content.replace('startBlock: 0', `startBlock: ${startBlock}`))
}
