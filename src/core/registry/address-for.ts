import type {NetworkSeat} from '../contract/network.js'
import type {NetworkDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import {
  addressIn,
  isLoopback,
  isMember,
  isSame,
  machineOf,
  machineText,
  type Machine,
  type NetworkAddress,
  type World,
} from './world.js'

/** A service or task, or with `here` this machine itself, as one that reaches others and is reached. */
export interface Party {
  readonly name: string
  readonly seat: NetworkSeat
  /** The network that its stack file puts it in. */
  readonly network?: string | undefined
}

/** Whoever asks from this machine: the daemon, its checks, its user. */
export const here: Party = {name: 'this machine', seat: {}}

/** The way from one to another. */
export type Route =
  | {
      readonly host: string
      /** With the ports inside its own network, not with those of its machine. */
      readonly inside: boolean
      /** The network that the way goes through, where it is one with a name. */
      readonly network: string | null
      /** Why this way: one sentence without a full stop. */
      readonly reason: string
      /** The executor of the one that asks has to carry it: from its own loopback to this machine. */
      readonly back?: true
    }
  | {readonly host: null; readonly reason: string}

const loopback = '127.0.0.1'

/** Which address `from` uses to reach `to`. */
export function addressFor(from: Party, to: Party, world: World): Route {
  if (from.name === to.name && from !== here) {
    return {...way(loopback, 'it is itself'), inside: to.seat.isolated === true || isTunnelled(to, world)}
  }
  const shared = Object.entries(to.seat.networks ?? {}).find(([name]) => from.seat.networks?.[name] !== undefined)
  if (shared) return {...way(shared[1], `both are attached to '${shared[0]}'`, shared[0]), inside: true}
  const [source, target] = [machineOf(from.seat, world), machineOf(to.seat, world)]
  return isSame(source, target) ? onOneMachine(from, to, source) : between({from, source, to, target}, world)
}

/** An endpoint as it is reached on this way. One that is elsewhere altogether has the same address for everybody. */
export function endpointOn(endpoint: Endpoint, route: Route, to: Party): Endpoint | undefined {
  if (!isLoopback(endpoint.host) && endpoint.host !== to.seat.host) return endpoint
  if (route.host === null) return undefined
  const port = route.inside ? (endpoint.containerPort ?? endpoint.port) : endpoint.port
  return {...endpoint, host: route.host, port}
}

/** The ports that it has on this machine are not those that it listens at. */
export function isTunnelled({seat}: Party, world: World): boolean {
  return seat.tunnel === true && machineOf(seat, world) !== undefined
}

function onOneMachine({name, seat}: Party, to: Party, machine: Machine): Route {
  const inside = machine !== undefined && to.seat.tunnel === true
  if (!seat.isolated) return {...way(loopback, `both run on ${machineText(machine)}`), inside}
  if (seat.gateway !== undefined) {
    return way(seat.gateway, `so '${name}', which has a network of its own, reaches ${machineText(machine)}`)
  }
  return none(`'${name}' has a network of its own, from which there is no way to ${machineText(machine)}`)
}

interface Ends {
  readonly from: Party
  readonly source: Machine
  readonly to: Party
  readonly target: Machine
}

function between(ends: Ends, world: World): Route {
  const {from, source, to, target} = ends
  for (const [name, network] of inOrder(world.networks, [to.network, from.network])) {
    const found = isMember(network, source, world) ? addressIn(name, target, world) : undefined
    if (!found) continue
    const reason = `${wordOf(found)} of ${machineText(target)} in '${name}'`
    return {...way(found.address, reason, name), inside: target !== undefined && to.seat.tunnel === true}
  }
  const tunnelled = throughTunnel(ends)
  if (tunnelled) return tunnelled
  if (!source && target) return way(target.host, `so this machine reaches ${target.name}`)
  return none(
    `'${from.name}' runs on ${machineText(source)} and '${to.name}' on ${machineText(target)}, and no network has an address that leads from the one to the other`,
  )
}

/** Where no network leads: between this machine and that of a tunnel, or from one such machine by way of this one to another. */
function throughTunnel({from, source, to, target}: Ends): Route | undefined {
  if (target && to.seat.tunnel !== true) return undefined
  const reason = `through the tunnel to ${machineText(source ?? target)}`
  if (!source) return way(loopback, reason)
  return from.seat.tunnel ? {...way(loopback, reason), back: true} : undefined
}

/** Those that the services are put in first, then lans, then private networks over others. */
function inOrder(
  networks: World['networks'],
  preferred: readonly (string | undefined)[],
): readonly (readonly [string, NetworkDefinition])[] {
  const rank = ([name, {type}]: readonly [string, NetworkDefinition]): number => {
    const place = preferred.indexOf(name)
    if (place !== -1) return place
    return preferred.length + (type === 'lan' ? 0 : 1)
  }
  return Object.entries(networks).sort((one, other) => rank(one) - rank(other))
}

const words: Readonly<Record<NetworkAddress['source'], string>> = {
  declared: 'the address',
  host: 'the host',
  interface: 'the interface',
  leased: 'the leased address',
}
const wordOf = ({source}: NetworkAddress): string => words[source]

function way(host: string, reason: string, network: string | null = null): Route & {readonly host: string} {
  return {host, inside: false, network, reason}
}

function none(reason: string): Route {
  return {host: null, reason}
}
