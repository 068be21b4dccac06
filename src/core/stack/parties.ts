import {HarnessError} from '../base/errors.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {NetworkSeat} from '../contract/network.js'
import type {StackDefinition, TargetDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import {addressFor, endpointOn, type Party, type Route} from '../registry/address-for.js'
import type {World} from '../registry/world.js'
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

  route(from: Party, to: Party): Route {
    return addressFor(from, to, this.world())
  }

  world(): World {
    const {id, definition, store} = this.options
    return worldOf(id, definition(), store)
  }

  private seatOf(service: string, target: TargetDefinition | undefined): NetworkSeat {
    const executor = target && this.options.catalogue.executor(target.type)
    return executor?.seat?.(target?.spec, {stack: this.options.id, service}) ?? plain
  }
}
