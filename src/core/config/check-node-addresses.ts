import {BlockList, isIP, SocketAddress} from 'node:net'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {NetworkDefinition, StackDefinition} from '../contract/stack.js'
import {pointerTo} from './reading.js'

/** Nodes whose address is outside of their network's subnet, or another node's. */
export function checkNodeAddresses({networks = {}}: Pick<StackDefinition, 'networks'>): Diagnostic[] {
  const earlier = new Map<string, AddressPlace[]>()
  return placesIn(networks).flatMap((place) => {
    const {address, definition, key} = place
    if (key === 'address' && !subnetCheck(definition)(address)) {
      return [problem(place, `is outside of the subnet ${definition.subnet ?? ''}`)]
    }
    const others = earlier.get(shortest(address)) ?? []
    earlier.set(shortest(address), [...others, place])
    const owner = others.find((other) => collide(other, place))
    return owner ? [problem(place, `is the address of node '${owner.node}' already (${pathOf(owner)})`)] : []
  })
}

interface AddressPlace {
  readonly network: string
  readonly definition: NetworkDefinition
  readonly node: string
  readonly index: number
  readonly key: 'address' | 'host'
  readonly address: string
}

/** Where addresses are given. In a lan, a node without another one has the address of its host. */
function placesIn(networks: NonNullable<StackDefinition['networks']>): readonly AddressPlace[] {
  return Object.entries(networks).flatMap(([network, definition]) =>
    definition.nodes.flatMap((node, index): readonly AddressPlace[] => {
      const key = node.address === undefined && definition.type === 'lan' ? 'host' : 'address'
      const address = node[key]
      if (address === undefined || isIP(address) === 0) return []
      return [{network, definition, node: node.name, index, key, address}]
    }),
  )
}

/**
 * An address inside two networks of one stack is that of one machine: a node of the same name. Without a subnet nobody knows whether two
 * networks are parts of one. One host may be several nodes, as with other users or ports of SSH.
 */
function collide(one: AddressPlace, other: AddressPlace): boolean {
  if (one.key === 'host' && other.key === 'host') return false
  if (one.network === other.network) return true
  const known = [one, other].every(({definition}) => definition.subnet !== undefined)
  return known && one.node !== other.node
}

function problem(place: AddressPlace, what: string): Diagnostic {
  const node = pointerTo(pointerTo(pointerTo('/networks', place.network), 'nodes'), place.index)
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message: `${pathOf(place)}: ${place.address} ${what}.`,
    pointer: pointerTo(node, place.key),
    suggestion: place.key === 'host' ? 'give one of them another address' : 'leave it out to have a free one leased',
  }
}

function pathOf({network, index, key}: AddressPlace): string {
  return `networks.${network}.nodes[${index}].${key}`
}

function subnetCheck({subnet}: NetworkDefinition): (address: string) => boolean {
  const [base = '', length = ''] = subnet?.split('/') ?? []
  if (isIP(base) === 0) return () => true
  const list = new BlockList()
  list.addSubnet(base, Number(length), familyOf(base))
  return (address) => isIP(address) === isIP(base) && list.check(address, familyOf(address))
}

/** Equal addresses are equal texts. */
function shortest(address: string): string {
  return new SocketAddress({address, family: familyOf(address)}).address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}
