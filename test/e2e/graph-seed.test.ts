import assert from 'node:assert/strict'
import {cp, mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {root, type Sandbox} from '../support/harness.js'
import {Chain, graphSandbox, needsGraphPrograms, succeeds, tokenAddress} from '../support/graph-stack.js'

/** What a machine without Docker runs in place of its containers, on free ports. */
const local = `
services:
  postgres: {target: null, ports: {postgres: 0}}
  ipfs: {target: null, ports: {api: 0}}
  anvil: {target: null, ports: {rpc: 0}}
  graph-node: {target: null, ports: {http: 0, admin: 0, status: 0, metrics: 0}}
`

async function seedStack(): Promise<Sandbox> {
  const sandbox = await graphSandbox()
  await cp(path.join(root, 'test/fixtures/graph/seed-stack.yaml'), path.join(sandbox.folder, 'harness.yaml'))
  return sandbox
}

describe('the stack file that the design began with', function () {
  this.timeout(240_000)

  it('is valid as it stands', async () => {
    await using sandbox = await seedStack()
    const {stdout} = await succeeds(sandbox, 'validate', '--strict')
    assert.match(stdout, /4 services, 1 task/)
  })

  it('runs with its containers replaced by programs, its contracts deployed before graph-node begins', async function () {
    needsGraphPrograms(this)
    await using sandbox = await seedStack()
    await writeFile(path.join(sandbox.folder, 'local.yaml'), local)
    const contracts = path.join(sandbox.folder, 'contracts')
    await mkdir(contracts)
    await cp(path.join(root, 'examples/graph/contracts'), contracts, {recursive: true})
    await writeFile(
      path.join(contracts, 'package.json'),
      '{"type": "module", "scripts": {"deploy": "node deploy.mjs"}}',
    )
    await succeeds(sandbox, 'graph', 'up', '-c', 'harness.yaml', '-c', 'local.yaml')
    const chain = await Chain.of(sandbox)
    assert.notEqual(await chain.call('eth_getCode', tokenAddress, 'latest'), '0x')
    const {stdout} = await succeeds(sandbox, 'action', 'run', 'anvil', 'MineBlocks', '--param', 'count=2', '--json')
    assert.match(stdout, /"mined":2/)
    await succeeds(sandbox, 'graph', 'down')
  })
})
