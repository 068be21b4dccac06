import type {NetworkSeat} from '../contract/network.js'
import type {NetworkDefinition, NetworkNode} from '../contract/stack.js'
import {canonical, parseSubnet} from './subnet.js'

/** What this machine says of itself. */
export interface MachineFacts {
  readonly hostname: string
  readonly interfaces: readonly {readonly name: string; readonly address: string}[]
}

/** The hosts and networks around a stack. */
export interface World {
  readonly machine: MachineFacts
  /** As the stack file has them. */
  readonly networks: Readonly<Record<string, NetworkDefinition>>
  /** The address that was leased to a node. */
  readonly lease: (network: string, node: string) => string | undefined
}

/** A machine that workloads run on; `undefined` is this one. */
interface OtherMachine {
  /** As networks call it; where none does, as it is reached. */
  readonly name: string
  /** How this machine reaches it. */
  readonly host: string
}
export type Machine = OtherMachine | undefined

/** Where an address comes from. */
type AddressSource = 'declared' | 'host' | 'interface' | 'leased'

export interface NetworkAddress {
  readonly address: string
  readonly source: AddressSource
}

/** The machine of a seat, by the name that a network has for it. */
export function machineOf({host}: NetworkSeat, world: World): Machine {
  if (host === undefined || isHere(host, world.machine)) return undefined
  const nodes = Object.values(world.networks).flatMap((network) => network.nodes)
  const node = nodes.find((each) => [each.name, each.host, each.address].includes(host))
  return node && isHereNode(node, world) ? undefined : {name: node?.name ?? host, host: node?.host ?? host}
}

export function isSame(one: Machine, other: Machine): boolean {
  return one?.name === other?.name
}

/** This machine, or the other by its name, for people. */
export function machineText(machine: Machine): string {
  return machine?.name ?? 'this machine'
}

/** This machine is one of the nodes. */
export function isHereNode({name, host, address}: NetworkNode, {machine}: World): boolean {
  return [host, address].some((each) => each !== undefined && isHere(each, machine)) || name === machine.hostname
}

/** The node of a network that is this machine, or the other one. */
export function nodeOf(network: NetworkDefinition, machine: Machine, world: World): NetworkNode | undefined {
  return network.nodes.find((node) =>
    machine ? node.name === machine.name || node.host === machine.host : isHereNode(node, world),
  )
}

/** It can send into the network. A lan is there by itself, a wireguard only where its interface is up. */
export function isMember(network: NetworkDefinition, machine: Machine, world: World): boolean {
  if (nodeOf(network, machine, world)) return true
  if (machine) return false
  return network.type === 'lan' || interfaceAddress(network, world.machine) !== undefined
}

/** The address that a machine has inside a network. */
export function addressIn(name: string, machine: Machine, world: World): NetworkAddress | undefined {
  const network = world.networks[name]
  if (!network || network.type === 'local') return undefined
  const node = nodeOf(network, machine, world)
  const own = machine ? undefined : interfaceAddress(network, world.machine)
  return (
    told(node?.address, 'declared') ??
    told(own, 'interface') ??
    told(node && world.lease(name, node.name), 'leased') ??
    told(network.type === 'lan' && machine ? node?.host : undefined, 'host')
  )
}

function told(address: string | undefined, source: AddressSource): NetworkAddress | undefined {
  return address === undefined ? undefined : {address, source}
}

/** What this machine has on the network's interface, or inside its subnet. */
function interfaceAddress(network: NetworkDefinition, {interfaces}: MachineFacts): string | undefined {
  const subnet = network.subnet === undefined ? undefined : parseSubnet(network.subnet)
  const fits = interfaces.filter(
    ({name, address}) =>
      (network.interface === undefined || name === network.interface) && (subnet?.has(address) ?? true),
  )
  return network.interface === undefined && !subnet ? undefined : fits[0]?.address
}

function isHere(host: string, {hostname, interfaces}: MachineFacts): boolean {
  if (isLoopback(host) || host === hostname) return true
  const address = canonical(host)
  return interfaces.some((each) => canonical(each.address) === address)
}

/** The machine that asks itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
