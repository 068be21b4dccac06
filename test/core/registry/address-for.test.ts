import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {NetworkSeat} from '../../../src/core/contract/network.js'
import type {NetworkDefinition} from '../../../src/core/contract/stack.js'
import {addressFor, endpointOn, here, type Party} from '../../../src/core/registry/address-for.js'
import type {World} from '../../../src/core/registry/world.js'

const lan: NetworkDefinition = {
  type: 'lan',
  subnet: '192.168.1.0/24',
  nodes: [
    {name: 'worker-1', host: '192.168.1.100'},
    {name: 'worker-2', host: 'worker-2.example', address: '192.168.1.102'},
  ],
}
const wg: NetworkDefinition = {
  type: 'wireguard',
  subnet: '10.0.0.0/24',
  interface: 'wg0',
  nodes: [
    {name: 'worker-1', address: '10.0.0.11'},
    {name: 'island', host: 'island.example'},
  ],
}
const eth0 = {name: 'eth0', address: '192.168.1.5'}
const wg0 = {name: 'wg0', address: '10.0.0.1'}

function world(networks: World['networks'], interfaces = [eth0, wg0]): World {
  return {
    machine: {hostname: 'desk', interfaces: [{name: 'lo', address: '127.0.0.1'}, ...interfaces]},
    networks,
    lease: (network, node) => (network === 'wg' && node === 'island' ? '10.0.0.2' : undefined),
  }
}

const party = (name: string, seat: NetworkSeat = {}, network?: string): Party => ({name, seat, network})
const api = party('api')
const db = party('db')
const container: NetworkSeat = {isolated: true, gateway: 'host.docker.internal', networks: {app: 'box'}}

const said = (from: Party, to: Party, around: World): string => {
  const route = addressFor(from, to, around)
  return route.host === null
    ? `none: ${route.reason}`
    : `${route.host}${route.inside ? ' inside' : ''}: ${route.reason}`
}

describe('the address by which one service reaches another', () => {
  it('is the loopback between processes of one machine, also of another one', () => {
    assert.equal(said(api, db, world({})), '127.0.0.1: both run on this machine')
    assert.equal(said(here, db, world({})), '127.0.0.1: both run on this machine')
    const [one, other] = [party('one', {host: '192.168.1.100'}), party('other', {host: 'worker-1'})]
    assert.equal(said(one, other, world({lan})), '127.0.0.1: both run on worker-1')
  })

  it('is the gateway from a container to its machine, and the name in a network that both are attached to', () => {
    const box = party('box', container)
    const near = party('near', {...container, networks: {app: 'near'}})
    const far = party('far', {isolated: true})
    assert.match(said(box, db, world({})), /^host\.docker\.internal: so 'box'/)
    assert.equal(said(box, near, world({})), "near inside: both are attached to 'app'")
    assert.equal(said(api, box, world({})), '127.0.0.1: both run on this machine')
    assert.match(said(far, db, world({})), /^none: 'far' has a network of its own/)
    assert.equal(said(box, box, world({})), '127.0.0.1 inside: it is itself')
    assert.equal(said(api, api, world({})), '127.0.0.1: it is itself')
  })

  it('is that of the machine in the network that the service is put in, else in a lan, else in a private one', () => {
    const around = world({wg, lan})
    const [plain, put] = [party('x', {host: 'worker-1'}), party('x', {host: 'worker-1'}, 'wg')]
    assert.equal(said(api, plain, around), "192.168.1.100: the host of worker-1 in 'lan'")
    assert.equal(said(api, put, around), "10.0.0.11: the address of worker-1 in 'wg'")
    assert.equal(said(party('api', {}, 'wg'), plain, around), "10.0.0.11: the address of worker-1 in 'wg'")
    assert.equal(said(api, party('y', {host: 'island'}), around), "10.0.0.2: the leased address of island in 'wg'")
  })

  it('is that of this machine for one that runs elsewhere', () => {
    const far = party('far', {host: 'worker-1'})
    assert.equal(said(far, db, world({lan})), "192.168.1.5: the interface of this machine in 'lan'")
    assert.equal(said(far, db, world({wg})), "10.0.0.1: the interface of this machine in 'wg'")
    assert.equal(said(far, party('box', container), world({wg})), "10.0.0.1: the interface of this machine in 'wg'")
    const named = {...wg, nodes: [...wg.nodes, {name: 'desk', address: '10.0.0.7'}]}
    assert.equal(said(far, db, world({wg: named}, [])), "10.0.0.7: the address of this machine in 'wg'")
  })

  it('is between two other machines that of their common network', () => {
    const [one, two] = [party('one', {host: 'worker-1'}), party('two', {host: 'worker-2'})]
    assert.equal(said(one, two, world({lan})), "192.168.1.102: the address of worker-2 in 'lan'")
    assert.equal(said(two, one, world({lan, wg})), "192.168.1.100: the host of worker-1 in 'lan'")
  })

  it('is not guessed: without a way it says who runs where', () => {
    const far = party('far', {host: 'worker-1'})
    const none = "none: 'far' runs on worker-1 and 'db' on this machine, and no network"
    assert.ok(said(far, db, world({wg}, [eth0])).startsWith(none), 'the interface is not up')
    assert.ok(said(far, db, world({wg: {...wg, nodes: []}})).includes('and no network'), 'it is not in it')
    assert.ok(said(far, party('y', {host: 'elsewhere'}), world({lan, wg})).includes("'y' on elsewhere"))
  })

  it('of a machine that no network has is the one by which this machine reaches it', () => {
    assert.equal(
      said(api, party('y', {host: 'y.example'}), world({lan})),
      'y.example: so this machine reaches y.example',
    )
    assert.equal(said(api, party('y', {host: '192.168.1.5'}), world({lan})), '127.0.0.1: both run on this machine')
    assert.equal(said(api, party('y', {host: 'localhost'}), world({})), '127.0.0.1: both run on this machine')
  })

  it('goes with the ports of the way, and leaves what is elsewhere altogether', () => {
    const port = {name: 'http', protocol: 'http', host: '127.0.0.1', port: 8080, containerPort: 80} as const
    const [box, near] = [party('box', container), party('near', container)]
    const seen = (from: Party, to: Party, endpoint: typeof port | {host: string} = port) => {
      const found = endpointOn({...port, ...endpoint}, addressFor(from, to, world({lan})), to)
      return found && `${found.host}:${found.port}`
    }
    assert.equal(seen(api, box), '127.0.0.1:8080')
    assert.equal(seen(near, box), 'box:80')
    assert.equal(seen(party('far', {isolated: true}), box), undefined)
    assert.equal(seen(box, db, {host: 'db.example'}), 'db.example:8080')
    const remote = party('r', {host: 'worker-2.example'})
    assert.equal(seen(party('other', {host: 'worker-1'}), remote, {host: 'worker-2.example'}), '192.168.1.102:8080')
  })
})
