import {BlockList, isIP, SocketAddress} from 'node:net'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {NetworkDefinition, NetworkNode, StackDefinition} from '../contract/stack.js'
import {pointerTo} from './reading.js'

/** Nodes whose address is outside of their network's subnet, or another node's. */
export function checkNodeAddresses({networks = {}}: Pick<StackDefinition, 'networks'>): Diagnostic[] {
  return Object.entries(networks).flatMap(([network, definition]) => {
    const isInside = subnetCheck(definition)
    const owners = new Map<string, string>()
    return definition.nodes.flatMap(({name, address}, index): Diagnostic[] => {
      if (address === undefined || isIP(address) === 0) return []
      const place: AddressPlace = {network, index, address}
      if (!isInside(address)) return [problem(place, `is outside of the subnet ${definition.subnet ?? ''}`)]
      const owner = owners.get(shortest(address))
      owners.set(shortest(address), owner ?? name)
      return owner === undefined ? [] : [problem(place, `is the address of node '${owner}' already`)]
    })
  })
}

interface AddressPlace {
  readonly network: string
  readonly index: number
  readonly address: NonNullable<NetworkNode['address']>
}

function problem({network, index, address}: AddressPlace, what: string): Diagnostic {
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message: `networks.${network}.nodes[${index}].address: ${address} ${what}.`,
    pointer: pointerTo(pointerTo(pointerTo(pointerTo('/networks', network), 'nodes'), index), 'address'),
    suggestion: 'leave it out to have a free one leased',
  }
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
