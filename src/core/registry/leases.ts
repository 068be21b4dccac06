import type {NetworkDefinition} from '../contract/stack.js'
import {canonical, parseSubnet, type Subnet} from './subnet.js'

/** An address that a host of a network got because its stack file gives it none; the value of `lease/<stack>/<network>/<node>` in the store. */
export interface Lease {
  readonly subnet: string
  readonly address: string
}

export const leasePrefix = 'lease/'
export const leaseKey = (stack: string, network: string, node: string): string =>
  `${leasePrefix}${stack}/${network}/${node}`

export interface LeaseWish {
  /** The stack's id. */
  readonly stack: string
  readonly networks: Readonly<Record<string, NetworkDefinition>>
  /** Everything leased so far, to any stack, by the key in the store. */
  readonly held: ReadonlyMap<string, Lease>
  /** Addresses that are somebody's already: those that other stack files give, with the stack's id; of this machine, with `undefined`. */
  readonly taken: ReadonlyMap<string, string | undefined>
}

/** Why a node cannot have an address. */
interface LeaseProblem {
  readonly network: string
  /** Its place among the nodes. */
  readonly index: number
  /** One sentence, without a full stop. */
  readonly reason: string
  /** The ids of other stacks that hold what is missing; first those that hold the most. */
  readonly holders: readonly string[]
}

export interface LeasePlan {
  /** What the stack holds from now on. */
  readonly leases: ReadonlyMap<string, Lease>
  /** Keys that it holds no more. */
  readonly released: readonly string[]
  readonly problems: readonly LeaseProblem[]
}

interface Wanted {
  readonly network: string
  readonly node: string
  readonly index: number
  readonly key: string
  readonly subnet: Subnet
}

/**
 * Gives each node that needs one an address inside its network: the one it has, as long as that fits, else the lowest that is nobody's. No two
 * leases are equal, whichever stacks and networks they are of. The first address of a subnet is left to this machine.
 */
export function planLeases({stack, networks, held, taken}: LeaseWish): LeasePlan {
  const prefix = `${leasePrefix}${stack}/`
  const others = [...held].filter(([key]) => !key.startsWith(prefix))
  const holders = new Map(others.map(([key, {address}]) => [address, key]))
  const problems = givenTwice(networks, holders)
  const used = new Set([...taken.keys(), ...holders.keys(), ...declaredAddresses(Object.values(networks))])
  const wanted = wantedBy(stack, networks)
  const leases = new Map<string, Lease>()
  for (const {key, subnet} of wanted) {
    const before = held.get(key)
    if (before?.subnet !== subnet.text || used.has(before.address)) continue
    used.add(before.address)
    leases.set(key, before)
  }
  for (const {key, subnet, network, node, index} of wanted) {
    if (leases.has(key)) continue
    const address = lowestFree(subnet, used)
    if (address === undefined) {
      const others = holdersIn(
        subnet,
        new Map([...taken, ...[...holders].map(([at, holder]) => [at, stackOf(holder)] as const)]),
      )
      const reason = `${subnet.text} has no address left for node '${node}'${heldBy(others)}`
      problems.push({network, index, reason, holders: others.map(([id]) => id)})
      continue
    }
    used.add(address)
    leases.set(key, {subnet: subnet.text, address})
  }
  const released = [...held.keys()].filter((key) => key.startsWith(prefix) && !leases.has(key))
  return {leases, released, problems}
}

/** Addresses that stack files give to nodes, in their shortest form. */
export function declaredAddresses(networks: readonly NetworkDefinition[]): readonly string[] {
  return networks.flatMap(({nodes}) =>
    nodes.flatMap(({address}) => (address === undefined ? [] : [canonical(address)])),
  )
}

/** Nodes without an address of their own; in a network that others manage one with a host has its address there. */
function wantedBy(stack: string, networks: LeaseWish['networks']): readonly Wanted[] {
  return Object.entries(networks).flatMap(([network, {type, subnet: text, nodes}]) => {
    const subnet = text === undefined ? undefined : parseSubnet(text)
    if (!subnet) return []
    return nodes.flatMap(({name: node, address, host}, index) => {
      const hasOne = address !== undefined || (type !== 'wireguard' && host !== undefined)
      return hasOne ? [] : [{network, node, index, subnet, key: leaseKey(stack, network, node)}]
    })
  })
}

/** An address that this file gives to a node was leased to a node of another stack before. */
function givenTwice(networks: LeaseWish['networks'], holders: ReadonlyMap<string, string>): LeaseProblem[] {
  return Object.entries(networks).flatMap(([network, {nodes}]) =>
    nodes.flatMap(({address}, index) => {
      const holder = address === undefined ? undefined : holders.get(canonical(address))
      if (address === undefined || holder === undefined) return []
      const [stack, node] = [stackOf(holder), holder.split('/').at(-1) ?? '']
      return [{network, index, reason: `${address} is leased to node '${node}' of stack '${stack}'`, holders: [stack]}]
    }),
  )
}

const stackOf = (key: string): string => key.split('/')[1] ?? ''

/** Stacks with how many addresses of the subnet they hold, the most first. */
function holdersIn(
  subnet: Subnet,
  owners: ReadonlyMap<string, string | undefined>,
): readonly (readonly [stack: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const [address, stack] of owners) {
    if (stack !== undefined && subnet.has(address)) counts.set(stack, (counts.get(stack) ?? 0) + 1)
  }
  return [...counts].sort(([, one], [, other]) => other - one)
}

const namedHolders = 3

function heldBy(holders: readonly (readonly [stack: string, count: number])[]): string {
  if (holders.length === 0) return ''
  const more = holders.length - namedHolders
  const named = holders.slice(0, namedHolders).map(([stack, count]) => `stack '${stack}' holds ${count}`)
  return `; ${named.join(', ')}${more > 0 ? `, and ${more} more hold others` : ''}`
}

function lowestFree(subnet: Subnet, used: ReadonlySet<string>): string | undefined {
  for (let index = subnet.size > 1n ? 1n : 0n; index < subnet.size; index += 1n) {
    const address = subnet.at(index)
    if (!used.has(address)) return address
  }
  return undefined
}
