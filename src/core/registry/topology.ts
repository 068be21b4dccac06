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
import {canonical} from './subnet.js'

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

/** A machine while it is put together. */
interface Gathered {
  readonly name: string
  readonly here: boolean
  readonly reachedBy: string | null
  readonly nodes: TopologyHost['nodes'][number][]
  readonly services: TopologyHost['services'][number][]
}

/** This machine, then each other that runs something or is a node, by name. */
function hostsOf(stacks: readonly StackPlace[]): readonly TopologyHost[] {
  const hosts = new Map<string, Gathered>()
  const at = (machine: Machine, place?: StackPlace): Gathered => {
    const key = place ? machineKey(machine, place) : ''
    const known = hosts.get(key)
    if (known) return known
    const [name, reachedBy] = [machineText(machine), machine?.host ?? null]
    const host: Gathered = {name, here: machine === undefined, reachedBy, nodes: [], services: []}
    hosts.set(key, host)
    return host
  }
  const here = at(undefined)
  for (const place of stacks) {
    for (const node of nodeNames(place)) {
      at(machineOf({host: node}, place.world), place).nodes.push({stack: place.id, stackName: place.name, node})
    }
    for (const {entry, party} of place.services) {
      if (entry.alive === false && entry.desired === 'down') continue
      const {service, alive, ready} = entry
      at(machineOf(party.seat, place.world), place).services.push({
        ...{stack: place.id, stackName: place.name, service, alive, ready},
      })
    }
  }
  const others = [...hosts.values()].filter((host) => host !== here)
  return [here, ...others.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1))]
}

/**
 * Equal for what is one machine: names of nodes mean something in their stack alone, hosts and addresses everywhere. Empty for this
 * machine.
 */
function machineKey(machine: Machine, {id, world}: StackPlace): string {
  if (!machine) return ''
  const nodes = Object.values(world.networks).flatMap((network) =>
    network.nodes.filter(({name}) => name === machine.name),
  )
  const [own] = nodes.flatMap(({host}) => host ?? []).concat(nodes.flatMap(({address}) => address ?? []))
  if (own === undefined && nodes.length > 0) return `node ${id} ${machine.name}`
  return `host ${canonical(own ?? machine.host)}`
}

function nodeNames({world}: StackPlace): ReadonlySet<string> {
  return new Set(Object.values(world.networks).flatMap(({nodes}) => nodes.map(({name}) => name)))
}

/** By name, and of one name always in the same order. */
function orderOf({name, reachedBy, nodes, services}: Gathered): string {
  return [name, reachedBy ?? '', (nodes[0] ?? services[0])?.stack ?? ''].join('\0')
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
