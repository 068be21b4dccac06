import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {addressLines} from '../../../src/cli/registry/address-lines.js'
import {topologyLines} from '../../../src/cli/registry/topology-lines.js'
import {createStyle} from '../../../src/cli/style.js'
import type {Topology} from '../../../src/core/contract/registry.js'
import {httpEndpoint} from '../fixtures.js'

const shop = {stack: 'shop-1', stackName: 'shop'}
const topology: Topology = {
  hostname: 'desk',
  hosts: [
    {
      name: 'this machine',
      here: true,
      reachedBy: null,
      nodes: [],
      services: [{...shop, service: 'api', alive: true, ready: true}],
    },
    {
      ...{name: 'worker-1', here: false, reachedBy: '192.0.2.11', nodes: [{...shop, node: 'worker-1'}]},
      services: [{...shop, service: 'job', alive: null, ready: false}],
    },
  ],
  networks: [
    {
      ...{...shop, name: 'wg', type: 'wireguard', subnet: '10.0.0.0/24', interface: 'wg0', services: ['job']},
      members: [
        {node: 'desk', here: true, address: null, source: null},
        {node: 'worker-1', here: false, address: '10.0.0.2', source: 'leased'},
      ],
    },
  ],
  executorNetworks: [
    {
      ...{executor: 'docker', name: 'app\u001B]0;x', subnet: null, gateway: '172.18.0.1'},
      services: [{...shop, service: 'db', address: 'db'}],
    },
  ],
  problems: [{executor: 'ssh', reason: 'no agent'}],
}

const plain = {style: createStyle(false), isElsewhere: false}

describe('the topology on the screen', () => {
  it('is a tree of machines and of networks', () => {
    assert.deepEqual(topologyLines(topology, plain), [
      'this machine (desk)',
      '└─ shop/api',
      'worker-1 at 192.0.2.11',
      '└─ shop/job (not known)',
      '',
      'wg (wireguard, 10.0.0.0/24, of shop)',
      '├─ desk (this machine) no address',
      '├─ worker-1 10.0.0.2 (leased)',
      '└─ shop/job is put in it',
      '',
      'app (of docker, gateway 172.18.0.1)',
      '└─ shop/db db',
      '',
      'ssh could not say which networks it has: no agent',
    ])
  })

  it('of a daemon elsewhere has the name of its machine, which is not that of the reader', () => {
    const lines = topologyLines(topology, {...plain, isElsewhere: true})
    assert.deepEqual(
      lines.filter((line) => line.includes('desk')),
      ["desk (the daemon's machine)", '├─ desk no address'],
    )
    assert.doesNotMatch(lines.join('\n'), /this machine/)
  })

  it('tells stacks and machines of the same name apart', () => {
    const twin = {stack: 'shop-2', stackName: 'shop'}
    const [here, worker] = topology.hosts
    const other = {name: 'worker-1', here: false, reachedBy: '192.0.2.99', services: []}
    const nodes = [
      {...twin, node: 'worker-1'},
      {stack: 'blog-1', stackName: 'blog', node: 'far'},
    ]
    const hosts = [here, worker, {...other, nodes}].filter((host) => host !== undefined)
    assert.deepEqual(topologyLines({...topology, hosts, executorNetworks: [], problems: []}, plain), [
      'this machine (desk)',
      '└─ shop-1/api',
      'worker-1 at 192.0.2.11 (of shop-1)',
      '└─ shop-1/job (not known)',
      "worker-1 at 192.0.2.99 (of shop-2, 'far' of blog)",
      '',
      'wg (wireguard, 10.0.0.0/24, of shop-1)',
      '├─ desk (this machine) no address',
      '├─ worker-1 10.0.0.2 (leased)',
      '└─ shop-1/job is put in it',
    ])
  })

  it('keeps its colours', () => {
    assert.ok(
      topologyLines(topology, {style: createStyle(true), isElsewhere: false}).includes(
        '└─ shop/job\u001B[33m (not known)\u001B[39m',
      ),
    )
  })
})

describe('the addresses of a service on the screen', () => {
  it('are by who asks, with the reason', () => {
    const near = {host: '127.0.0.1', network: null, reason: 'both run on this machine', endpoints: [httpEndpoint]}
    const none = {host: null, network: null, reason: 'there is no way', endpoints: []}
    const lines = addressLines(
      [
        {here: true, services: ['a', 'b', 'c', 'd'], ...near},
        {here: false, services: ['far'], ...none},
      ],
      createStyle(false),
    )
    assert.deepEqual(lines, [
      '',
      '  ASKED BY                          ADDRESS                WHY',
      '  this machine, a, b, c and 1 more  http://127.0.0.1:4000  both run on this machine',
      '  far                               none                   there is no way',
    ])
  })
})
