import assert from 'node:assert/strict'
import {after, before, describe, it} from 'mocha'
import {describeServiceType} from '../../../../src/testing.js'
import register from '../../../../plugins/graph/src/register.js'
import {defaults} from '../../../../plugins/graph/src/graph-node/defaults.js'
import {Scene} from './scene.js'
import {subgraph} from './token.js'

describe('graph-node as a service type', () => {
  let scene: Scene
  const open: AsyncDisposable[] = []

  before(async function () {
    open.push((scene = await Scene.open(this)))
  })

  after(async () => {
    for (const each of open.reverse()) await each[Symbol.asyncDispose]()
  })

  const name = 'acme/token'
  describeServiceType(
    'graph-node',
    async () => {
      const {service_type: _, ...service} = await scene.service()
      return {
        register,
        configs: [{}, {from: 'docker', image: 'graph-node:mine', ethereum: {a: 'http://a', b: 'http://b'}}],
        invalidConfigs: [{from: 'brew'}, {ethereum: {}}, {ethereum: 'http://a'}, {polling_interval: 0}, {port: 1}],
        service,
        actions: [
          {action: 'create', input: {name}},
          {action: 'deploy-subgraph', input: {name, path: subgraph}},
          {action: 'wait-for-sync', input: {name}},
          {action: 'query-subgraph', input: {name, query: '{_meta {deployment}}'}},
          {action: 'indexing-status', input: {}},
          {action: 'pause', input: {name}},
          {action: 'resume', input: {name}},
          {action: 'reassign', input: {name, node_id: 'default'}},
          {action: 'remove-subgraph', input: {name}},
        ],
      }
    },
    {describe, it},
  )

  it('runs the program of the image itself, with one provider or several', () => {
    const one = defaults({from: 'docker', ethereum: {a: 'http://a'}, ipfs: 'http://i'}, {name: 'g'})
    assert.deepEqual(one.target?.spec, {
      image: 'graphprotocol/graph-node:v0.37.0',
      entrypoint: ['graph-node'],
      command: ['--postgres-url', 'postgresql://graph-node:let-me-in@${postgres.host}:${postgres.port}/graph-node'],
    })
    assert.deepEqual(one.ports?.[1], {name: 'admin', protocol: 'http', port: 8020, container: 8020})
    assert.equal(one.env?.['ETHEREUM_RPC'], 'a:http://a')
    const ethereum = {a: 'http://a', b: 'http://b'}
    const two = defaults({from: 'docker', ethereum, ipfs: 'http://i', postgres: 'postgresql://p'}, {name: 'g'})
    assert.deepEqual(two.target?.spec['command'], ['--ethereum-rpc', 'a:http://a', '--ethereum-rpc', 'b:http://b'])
  })

  it('keeps logins out of command lines', () => {
    const {target, env} = defaults({postgres: 'postgresql://me:secret@db/x'}, {name: 'g'})
    assert.doesNotMatch(JSON.stringify(target), /secret/)
    assert.match(env?.['POSTGRES_URL'] ?? '', /secret/)
  })

  it('needs no neighbours where the stack file says what runs', async () => {
    const target = {type: 'process', binary: 'sleep', args: ['1000']}
    const ports = {http: 0, admin: 0, status: 0, metrics: 0}
    const node = {service_type: 'graph-node', target, ports, health_check: {command: 'true'}}
    await using stack = await scene.start({node})
    assert.equal((await stack.status()).services[0]?.state, 'Running')
  })
})
