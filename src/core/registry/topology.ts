import type {ExecutorNetwork} from '../contract/network.js'
import type {
  RegisteredService,
  Topology,
  TopologyExecutorNetwork,
  TopologyHost,
  TopologyMember,
  TopologyNetwork,
} from '../contract/registry.js'
import type {NetworkDefinition} from '../contract/stack.js'
import type {Party} from './address-for.js'
import {addressIn, isHereNode, isMember, machineOf, machineText, nodeOf, type Machine, type World} from './world.js'

/** A stack with its services, as far as networks concern it. */
export interface StackPlace {
  readonly id: string
  readonly name: string
  readonly world: World
  readonly services: readonly {readonly entry: RegisteredService; readonly party: Party}[]
}

/** What an executor says of its networks, or why it does not. */
export interface ExecutorPlace {
  readonly kind: string
  readonly networks: readonly ExecutorNetwork[]
  readonly problem: string | null
}

/** All networks and machines, and who is where. */
export function topologyOf(
  hostname: string,
  stacks: readonly StackPlace[],
  executors: readonly ExecutorPlace[],
): Topology {
  return {
    hostname,
    hosts: hostsOf(stacks),
    networks: stacks.flatMap(stackNetworks),
    executorNetworks: executors.flatMap((executor) => executorNetworks(executor, stacks)),
    problems: executors.flatMap(({kind, problem}) => (problem === null ? [] : [{executor: kind, reason: problem}])),
  }
}

/** The networks of one stack. */
export function stackNetworks({id, name: stackName, world, services}: StackPlace): readonly TopologyNetwork[] {
  return Object.entries(world.networks).map(([name, network]) => ({
    ...{stack: id, stackName, name, type: network.type},
    subnet: network.subnet ?? null,
    interface: network.interface ?? null,
    members: membersOf(name, network, world),
    services: services.filter(({party}) => party.network === name).map(({entry}) => entry.service),
  }))
}

const loopback = {address: '127.0.0.1', source: 'interface'} as const

/** This machine first, where it takes part; then the nodes of the file. */
function membersOf(name: string, network: NetworkDefinition, world: World): readonly TopologyMember[] {
  const own = nodeOf(network, undefined, world)
  const member = (node: string, machine: Machine): TopologyMember => {
    const found = network.type === 'local' && !machine ? loopback : addressIn(name, machine, world)
    return {node, here: machine === undefined, address: found?.address ?? null, source: found?.source ?? null}
  }
  const takesPart = network.type === 'local' || isMember(network, undefined, world)
  return [
    ...(takesPart ? [member(own?.name ?? world.machine.hostname, undefined)] : []),
    ...network.nodes
      .filter((node) => node !== own && !isHereNode(node, world))
      .map((node) => member(node.name, {name: node.name, host: node.host ?? node.name})),
  ]
}

/** This machine, then each other that runs something or is a node, by name. */
function hostsOf(stacks: readonly StackPlace[]): readonly TopologyHost[] {
  const hosts = new Map<
    string,
    {here: boolean; reachedBy: string | null; services: TopologyHost['services'][number][]}
  >()
  const at = (machine: Machine) => {
    const name = machineText(machine)
    const host = hosts.get(name) ?? {here: machine === undefined, reachedBy: machine?.host ?? null, services: []}
    hosts.set(name, host)
    return host
  }
  at(undefined)
  for (const {id: stack, name: stackName, world, services} of stacks) {
    for (const {nodes} of Object.values(world.networks))
      for (const node of nodes) at(machineOf({host: node.name}, world))
    for (const {entry, party} of services) {
      if (entry.alive === false && entry.desired === 'down') continue
      const {service, alive, ready} = entry
      at(machineOf(party.seat, world)).services.push({stack, stackName, service, alive, ready})
    }
  }
  const [first, ...others] = [...hosts].map(([name, host]) => ({name, ...host}))
  return first ? [first, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))] : []
}

function executorNetworks(
  {kind, networks}: ExecutorPlace,
  stacks: readonly StackPlace[],
): readonly TopologyExecutorNetwork[] {
  return networks.map(({name, subnet, gateway}) => ({
    ...{executor: kind, name, subnet: subnet ?? null, gateway: gateway ?? null},
    services: stacks.flatMap(({id: stack, services}) =>
      services.flatMap(({entry, party}) => {
        const address = entry.target === kind ? party.seat.networks?.[name] : undefined
        return address === undefined ? [] : [{stack, stackName: entry.stackName, service: entry.service, address}]
      }),
    ),
  }))
}
