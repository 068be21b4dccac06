import assert from 'node:assert/strict'
import {isIPv4} from 'node:net'
import {describe, it} from 'mocha'
import type {NetworkDefinition, NetworkNode} from '../../../src/core/contract/stack.js'
import {leaseKey, planLeases, type Lease, type LeasePlan} from '../../../src/core/registry/leases.js'
import {parseSubnet} from '../../../src/core/registry/subnet.js'
import {seededRandom} from '../../support/seeded-random.js'

const wireguard = (subnet: string, nodes: readonly NetworkNode[]): NetworkDefinition => ({
  type: 'wireguard',
  subnet,
  nodes,
})

/** Leases of several stacks over time, as a daemon keeps them. */
function registry() {
  const held = new Map<string, Lease>()
  return {
    held,
    load: (
      stack: string,
      networks: Readonly<Record<string, NetworkDefinition>>,
      taken = new Set<string>(),
    ): LeasePlan => {
      const plan = planLeases({
        stack,
        networks,
        held: new Map(held),
        taken: new Map([...taken].map((each) => [each, undefined])),
      })
      if (plan.problems.length > 0) return plan
      for (const key of plan.released) held.delete(key)
      for (const [key, lease] of plan.leases) held.set(key, lease)
      return plan
    },
    addresses: (stack: string): Readonly<Record<string, string>> =>
      Object.fromEntries(
        [...held]
          .filter(([key]) => key.startsWith(`lease/${stack}/`))
          .map(([key, {address}]) => [key.split('/').at(-1) ?? '', address]),
      ),
  }
}

describe('leases', () => {
  it('are the lowest addresses of the subnet that are nobody’s; the first is this machine’s', () => {
    const {load, addresses} = registry()
    const nodes = [{name: 'a'}, {name: 'b', address: '10.0.0.3'}, {name: 'c', host: 'c.example'}]
    load('demo', {wg: wireguard('10.0.0.0/24', nodes)}, new Set(['10.0.0.2']))
    assert.deepEqual(addresses('demo'), {a: '10.0.0.4', c: '10.0.0.5'})
  })

  it('of IPv6 are as good', () => {
    const {load, addresses} = registry()
    load('demo', {wg: wireguard('fd00:0:0::/64', [{name: 'a'}, {name: 'b', address: 'fd00:0:0:0::0003'}, {name: 'c'}])})
    assert.deepEqual(addresses('demo'), {a: 'fd00::2', c: 'fd00::4'})
  })

  it('stay with their node, and are given back with it', () => {
    const {load, addresses, held} = registry()
    load('demo', {wg: wireguard('10.0.0.0/24', [{name: 'a'}, {name: 'b'}])})
    load('demo', {wg: wireguard('10.0.0.0/24', [{name: 'b'}, {name: 'c'}])})
    assert.deepEqual(addresses('demo'), {b: '10.0.0.3', c: '10.0.0.2'})
    load('demo', {})
    assert.equal(held.size, 0)
  })

  it('change when the subnet does, or when the file gives the address to another node', () => {
    const {load, addresses} = registry()
    load('demo', {wg: wireguard('10.0.0.0/24', [{name: 'a'}])})
    load('demo', {wg: wireguard('10.0.0.0/24', [{name: 'a'}, {name: 'b', address: '10.0.0.2'}])})
    assert.deepEqual(addresses('demo'), {a: '10.0.0.3'})
    load('demo', {wg: wireguard('10.1.0.0/24', [{name: 'a'}])})
    assert.deepEqual(addresses('demo'), {a: '10.1.0.2'})
  })

  it('are not for nodes of a network that others manage and that say where they are', () => {
    const {load, addresses} = registry()
    const nodes = [{name: 'a', host: '192.168.1.7'}, {name: 'b'}]
    load('demo', {lan: {type: 'lan', subnet: '192.168.1.0/24', nodes}, free: {type: 'lan', nodes: [{name: 'c'}]}})
    assert.deepEqual(addresses('demo'), {b: '192.168.1.2'})
  })

  it('that are not to be had are one problem each, with the node and the reason', () => {
    const {load} = registry()
    load('demo', {wg: wireguard('10.0.0.0/30', [{name: 'a'}])})
    assert.deepEqual(load('other', {net: wireguard('10.0.0.0/30', [{name: 'b'}])}).problems, [
      {
        ...{network: 'net', index: 0, holders: ['demo']},
        reason: "10.0.0.0/30 has no address left for node 'b'; stack 'demo' holds 1",
      },
    ])
    assert.deepEqual(load('other', {net: wireguard('10.0.0.0/30', [{name: 'b', address: '10.0.0.2'}])}).problems, [
      {network: 'net', index: 0, reason: "10.0.0.2 is leased to node 'a' of stack 'demo'", holders: ['demo']},
    ])
  })

  it('that are not to be had name who holds the addresses, also those that a file gives', () => {
    const taken = new Map<string, string | undefined>([
      ['10.0.0.1', undefined],
      ['10.0.0.2', 'one'],
      ['10.0.0.3', 'two'],
      ['10.0.0.4', 'two'],
      ['10.0.0.5', 'three'],
      ['10.0.0.6', 'four'],
      ['10.0.9.9', 'far'],
    ])
    const networks = {net: wireguard('10.0.0.0/29', [{name: 'b'}])}
    assert.deepEqual(planLeases({stack: 'other', networks, held: new Map(), taken}).problems, [
      {
        ...{network: 'net', index: 0, holders: ['two', 'one', 'three', 'four']},
        reason:
          "10.0.0.0/29 has no address left for node 'b'; stack 'two' holds 2, stack 'one' holds 1, stack 'three' holds 1, and 1 more hold others",
      },
    ])
  })

  it('hold for whatever is loaded in whatever order', () => {
    const seed = Date.now() % 2 ** 32
    const random = seededRandom(seed)
    const below = (limit: number): number => Math.floor(random() * limit)
    const subnets = [
      '10.0.0.0/29',
      '10.0.0.0/28',
      '10.0.0.8/29',
      '10.0.1.4/30',
      '10.0.2.0/31',
      'fd00::/125',
      'fd01::/64',
    ]
    const randomNetworks = (): Readonly<Record<string, NetworkDefinition>> => {
      const nodes = Array.from({length: below(6)}, (_, index): NetworkNode => {
        const name = `n${index}`
        return random() < 0.2 ? {name, address: `10.0.0.${below(16)}`} : {name}
      })
      const twins = new Set<string>()
      const distinct = nodes.filter(({address}) => address === undefined || (!twins.has(address) && twins.add(address)))
      return {[`net${below(2)}`]: wireguard(subnets[below(subnets.length)] ?? '', distinct)}
    }
    const {held, load} = registry()
    for (let round = 0; round < 2000; round += 1) {
      const stack = `s${below(4)}`
      const networks = randomNetworks()
      const before = new Map(held)
      const plan = load(stack, networks)
      const story = `seed ${seed}, round ${round}: ${stack} ${JSON.stringify(networks)}`
      const addresses = [...held.values()].map(({address}) => address)
      assert.equal(new Set(addresses).size, addresses.length, `${story}: an address is leased twice`)
      for (const {subnet, address} of held.values()) assert.ok(parseSubnet(subnet)?.has(address), `${story}: outside`)
      const declared = Object.values(networks).flatMap(({nodes}) => nodes.flatMap(({address}) => address ?? []))
      for (const [key, lease] of plan.leases) {
        assert.ok(!declared.includes(lease.address), `${story}: leased and given`)
        const was = before.get(key)
        const fits = was?.subnet === lease.subnet && !declared.includes(was.address)
        if (fits) assert.equal(lease.address, was.address, `${story}: not stable`)
      }
      if (plan.problems.length > 0) {
        assert.deepEqual(held, before, `${story}: a refused load has changed something`)
        continue
      }
      for (const [network, {nodes}] of Object.entries(networks))
        for (const {name, address} of nodes)
          assert.equal(held.has(leaseKey(stack, network, name)), address === undefined, `${story}: ${name}`)
      assert.deepEqual(load(stack, networks).leases, plan.leases, `${story}: loaded again`)
    }
  })
})

describe('a subnet', () => {
  it('has the addresses that hosts can have', () => {
    const size = (text: string): bigint | undefined => parseSubnet(text)?.size
    assert.deepEqual(
      ['10.0.0.0/24', '10.0.0.0/30', '10.0.0.0/31', '10.0.0.7/32', 'fd00::/126', 'fd00::/64'].map(size),
      [254n, 2n, 2n, 1n, 3n, 2n ** 64n - 1n],
    )
    assert.equal(parseSubnet('192.168.1.77/24')?.text, '192.168.1.0/24')
    for (const text of ['10.0.0.0/33', '10.0.0/24', 'lan', 'fd00::/129', '']) assert.equal(parseSubnet(text), undefined)
  })

  it('leaves out its own address and the one that means all', () => {
    const subnet = parseSubnet('10.0.0.0/29')
    assert.ok(subnet)
    const inside = Array.from({length: 9}, (_, index) => `10.0.0.${index}`).filter((each) => subnet.has(each))
    assert.deepEqual(inside, ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6'])
    assert.ok(inside.every((address) => isIPv4(address)))
    assert.equal(subnet.has('fd00::1'), false)
    assert.equal(subnet.has('host.example'), false)
  })
})
