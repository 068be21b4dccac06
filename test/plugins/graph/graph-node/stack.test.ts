import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {openTestHost} from '../../../../src/testing.js'
import type {graphNode} from '../../../../plugins/graph/src/graph-node/type.js'
import register from '../../../../plugins/graph/src/register.js'
import {needs} from '../../../support/needs.js'
import {hasBackends} from './backends.js'
import {deployToken, subgraph, transfer} from './token.js'

describe('graph-node among the services of this plugin', () => {
  it('finds them by their names, with nothing said in its config', async function () {
    needs(this, hasBackends, 'PostgreSQL of Debian, on Linux x64')
    await using host = await openTestHost({register})
    await using stack = await host.start({
      services: {
        postgres: {service_type: 'postgres', ports: {postgres: 0}},
        anvil: {service_type: 'anvil', ports: {rpc: 0}},
        ipfs: {service_type: 'ipfs', ports: {api: 0}},
        'graph-node': {
          service_type: 'graph-node',
          ports: {http: 0, admin: 0, status: 0, metrics: 0},
          dependencies: ['postgres', 'anvil', 'ipfs'],
        },
      },
    })
    const {services} = await stack.status()
    const chain = `http://127.0.0.1:${services.find(({name}) => name === 'anvil')?.endpoints[0]?.port}`
    await deployToken(chain)
    const actions = stack.actions<ReturnType<typeof graphNode>>('graph-node')
    await actions['deploy-subgraph']({name: 'acme/token', path: subgraph})
    await transfer(chain, 5)
    await actions['wait-for-sync']({name: 'acme/token'})
    const query = '{transfers(orderBy: block) {value}}'
    const {data} = await actions['query-subgraph']({name: 'acme/token', query})
    assert.deepEqual(data, {transfers: [{value: '1000000'}, {value: '5'}]})
  })
})
