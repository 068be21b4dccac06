import {HarnessError} from '../base/errors.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {NetworkSeat, Tunnel} from '../contract/network.js'
import type {DependencyDefinition, NetworkNode, StackDefinition, TargetDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import {addressFor, endpointOn, isTunnelled, type Party, type Route} from '../registry/address-for.js'
import type {World} from '../registry/world.js'
import type {Surroundings} from '../service/prepare.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import type {StoreView} from '../store/store.js'
import {worldOf} from './surroundings.js'

interface PartiesOptions {
  readonly id: string
  readonly catalogue: Catalogue
  readonly store: StoreView
  readonly definition: () => StackDefinition
  readonly service: (name: string) => ServiceSupervisor | undefined
  /** As this machine reaches them; `undefined` before the first start. */
  readonly endpoints: (service: string) => readonly Endpoint[] | undefined
}

const plain: NetworkSeat = {}
/** A process of this machine. */
const isPlain = ({host, isolated, networks}: NetworkSeat): boolean => host === undefined && !isolated && !networks

/** The services and tasks of a stack as they reach each other. */
export class Parties {
  constructor(private readonly options: PartiesOptions) {}

  of(kind: 'service' | 'task', name: string): Party {
    if (kind === 'task') return {name, seat: this.seatOf(name, this.options.definition().tasks[name]?.target)}
    const service = this.options.service(name)
    const {target, network} = service?.definition ?? {}
    return {name, network, seat: service?.handle?.seat ?? this.seatOf(name, target)}
  }

  /** The addresses of a service as this one reaches them. SERVICE_START_FAILED, with who runs where, when there is no way. */
  endpointsFor(from: Party, service: string): readonly Endpoint[] | undefined {
    const endpoints = this.options.endpoints(service)
    return endpoints && this.seen(from, this.of('service', service), endpoints)
  }

  /** These endpoints of one as another reaches them. */
  seen(from: Party, to: Party, endpoints: readonly Endpoint[]): readonly Endpoint[] {
    if (isPlain(from.seat) && isPlain(to.seat)) return endpoints
    const route = this.route(from, to)
    return endpoints.map((endpoint) => {
      const found = endpointOn(endpoint, route, to)
      if (found) return found
      throw new HarnessError('SERVICE_START_FAILED', {
        subject: from.name,
        reason: route.reason,
        hint: "Describe a network that both are in under 'networks' in the stack file; `harness registry topology` shows those that there are.",
      })
    })
  }

  /** What the executor of a service or task is told of the machines around it. */
  surroundings(kind: 'service' | 'task', name: string): Surroundings {
    return {nodes: nodesOf(this.options.definition()), tunnel: this.tunnelOf(kind, name)}
  }

  /** What the executor of a service or task has to carry; `undefined` where it is on this machine, or has no tunnel. */
  private tunnelOf(kind: 'service' | 'task', name: string): Tunnel | undefined {
    const party = this.of(kind, name)
    if (!isTunnelled(party, this.world())) return undefined
    const {dependencies = []} = this.definitionOf(kind, name) ?? {}
    const back = dependencies.flatMap((edge) => {
      const endpoints = edge.kind === 'service' ? this.options.endpoints(edge.name) : undefined
      const route = endpoints && this.route(party, this.of('service', edge.name))
      const isBack = route !== undefined && route.host !== null && route.back === true
      return isBack ? (endpoints ?? []).map(({host, port}) => ({host, port})) : []
    })
    return {back}
  }

  route(from: Party, to: Party): Route {
    return addressFor(from, to, this.world())
  }

  world(): World {
    const {id, definition, store} = this.options
    return worldOf(id, definition(), store)
  }

  /** A replica has that of its service. */
  private definitionOf(
    kind: 'service' | 'task',
    name: string,
  ): {readonly dependencies: readonly DependencyDefinition[]} | undefined {
    const {service, definition} = this.options
    return kind === 'service' ? service(name)?.definition : definition().tasks[name]
  }

  private seatOf(service: string, target: TargetDefinition | undefined): NetworkSeat {
    const executor = target && this.options.catalogue.executor(target.type)
    return executor?.seat?.(target?.spec, {stack: this.options.id, service}) ?? plain
  }
}

/** A name that several networks have means the first one: all are one machine. */
function nodesOf({networks = {}}: StackDefinition): Readonly<Record<string, NetworkNode>> {
  const nodes = Object.values(networks).flatMap((network) => network.nodes)
  return Object.fromEntries(nodes.toReversed().map((node) => [node.name, node]))
}
