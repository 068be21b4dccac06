import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import {openTestHost, type TestHost} from '../../../../src/testing.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import register from '../../../../plugins/graph/src/register.js'
import type {graphNode} from '../../../../plugins/graph/src/graph-node/type.js'
import {needs} from '../../../support/needs.js'
import {Backends, hasBackends} from './backends.js'
import {deployToken, receiver, rpc, subgraph, transfer} from './token.js'

const name = 'acme/token'

describe('graph-node', () => {
  let backends: Backends
  let host: TestHost
  let stack: RunningStack
  const open: AsyncDisposable[] = []

  before(async function () {
    needs(this, hasBackends, 'PostgreSQL of Debian, on Linux x64')
    open.push((backends = await Backends.start()))
    open.push((host = await openTestHost({register})))
    await deployToken(backends.chain)
    stack = await host.start({services: {node: await service(backends, 'graph-node')}})
  })

  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  it('indexes a transfer, and answers what it was', async () => {
    const actions = stack.actions<ReturnType<typeof graphNode>>('node')
    const {deployment} = await actions['deploy-subgraph']({name, path: subgraph})
    await transfer(backends.chain, 5)
    await actions['wait-for-sync']({name})
    const query = '{transfers(orderBy: block) {to value}}'
    const {data} = await actions['query-subgraph']({name, query})
    assert.deepEqual((data as {transfers: unknown[]}).transfers[1], {to: receiver, value: '5'})
    const again = await actions['deploy-subgraph']({name, path: subgraph})
    assert.equal(again.deployment, deployment)
    assert.equal(Number(await rpc(backends.chain, 'eth_blockNumber')), 2)
  })
})

async function service(backends: Backends, database: string): Promise<object> {
  return {
    service_type: 'graph-node',
    config: {
      postgres: await backends.database(database),
      ipfs: backends.ipfs.url,
      ethereum: {hardhat: backends.chain},
      polling_interval: 100,
    },
    ports: {http: 0, admin: 0, status: 0, metrics: 0},
  }
}
