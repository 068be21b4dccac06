import {HarnessError} from '../base/errors.js'
import {canonicalJson} from '../base/json.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceDefinition, StackDefinition} from '../contract/stack.js'
import type {Endpoint} from '../contract/workload.js'
import type {Store} from '../store/store.js'
import {typeParts, type BroughtTo} from './brought.js'
import {completeService, type CompleteService} from './defaults.js'
import type {Observed} from './plan.js'
import {definitionHash} from './prepare.js'
import {isAtRest, newServiceRecord, serviceKey, type ServiceRecord} from './record.js'
import {ServiceSupervisor} from './supervisor.js'
import type {SupervisedService, SupervisorHost} from './supervisor-host.js'

export interface ServiceManagerOptions {
  readonly catalogue: Catalogue
  readonly store: Store
  readonly replicaOf: (service: string) => {readonly group: string; readonly replica: number}
  /** What their types brought when the definition was taken over. */
  readonly brought: () => BroughtTo
  /** What each supervisor lives on. */
  readonly hostFor: (service: string) => SupervisorHost
}

/** The services of one stack. */
export class ServiceManager {
  private supervisors = new Map<string, ServiceSupervisor>()

  constructor(private readonly options: ServiceManagerOptions) {}

  /**
   * Takes the services of a definition over. What runs goes on; one that is not in it any more goes on as it is until it is stopped.
   * `removed`: such services of before.
   */
  define(definition: StackDefinition, removed: StackDefinition['services'] = {}): void {
    for (const [name, service] of Object.entries({...definition.services, ...removed})) {
      const supervised = this.complete(name, service)
      const known = this.supervisors.get(name)
      if (known) known.redefine(supervised)
      else this.supervisors.set(name, this.create(supervised))
    }
    for (const [name, supervisor] of this.supervisors) {
      supervisor.orphan = !Object.hasOwn(definition.services, name)
    }
    this.supervisors = inOrder(this.supervisors, Object.keys(definition.services))
    this.forgetOrphans()
  }

  /** Lets go of those that are in the definition no more and have come to rest. */
  forgetOrphans(): void {
    for (const [name, {orphan, record}] of this.supervisors) {
      if (orphan && isAtRest(record)) this.supervisors.delete(name)
    }
  }

  get names(): readonly string[] {
    return [...this.supervisors.keys()]
  }

  all(): readonly ServiceSupervisor[] {
    return [...this.supervisors.values()]
  }

  /** SERVICE_UNKNOWN for a name that the stack does not have. */
  get(name: string): ServiceSupervisor {
    const supervisor = this.supervisors.get(name)
    if (supervisor) return supervisor
    const reason = `expected one of ${this.names.join(', ') || 'none: the stack has no service'}`
    throw new HarnessError('SERVICE_UNKNOWN', {subject: name, reason})
  }

  has(name: string): boolean {
    return this.supervisors.has(name)
  }

  observe(): Observed['services'] {
    return Object.fromEntries(
      [...this.supervisors].map(([name, {record, changed}]) => {
        const {state, desired, failure} = record
        return [name, {state, desired, failure, changed}]
      }),
    )
  }

  /** Addresses of a service that has been started at least once. */
  endpointsOf(name: string): readonly Endpoint[] | undefined {
    const supervisor = this.supervisors.get(name)
    const {current} = supervisor?.record ?? {}
    return current ? [...current.endpoints, ...(supervisor?.handle?.endpoints ?? [])] : undefined
  }

  /** What the log check of a service found; `undefined` for one that there is not. */
  outputsOf(name: string): Readonly<Record<string, string>> | undefined {
    return this.supervisors.get(name)?.record.outputs
  }

  private create(service: SupervisedService): ServiceSupervisor {
    const host = this.options.hostFor(service.name)
    const saved = this.options.store.get(serviceKey(host.stack.id, service.name))
    const record = (saved as ServiceRecord | undefined) ?? newServiceRecord(host.clock.now())
    return new ServiceSupervisor(host, service, record)
  }

  /** Equal for equal lines of the file: how many replicas there are, of it and of what it needs, and what selects it changes none of them. */
  private hashOf({replicas: _replicas, profiles: _profiles, dependencies, ...rest}: CompleteService): string {
    const edges = dependencies.map((edge) => {
      const name = edge.kind === 'service' ? this.options.replicaOf(edge.name).group : edge.name
      return canonicalJson({...edge, name})
    })
    return definitionHash({...rest, dependencies: [...new Set(edges)]})
  }

  /** Fills in what the service type brings and the stack file leaves out. */
  private complete(name: string, service: ServiceDefinition): SupervisedService {
    const {catalogue, brought, replicaOf} = this.options
    const {group, replica} = replicaOf(name)
    const {defaults, setup} = typeParts(group, service, {catalogue, known: brought()})
    const target = service.target ?? defaults?.target
    if (!target)
      throw new HarnessError('INTERNAL', {subject: name, reason: 'a service without a target was let through'})
    const definition = completeService({...service, target}, defaults)
    const own = new Set(definition.ports.map((port) => port.name))
    const endpoints = (defaults?.endpoints ?? []).filter((endpoint) => !own.has(endpoint.name))
    const hash = this.hashOf(definition)
    return {name, definition, endpoints, group, replica, hash, ...(setup ? {setup} : {})}
  }
}

/** In the order of the definition; what is not in it comes last. */
function inOrder<T>(map: ReadonlyMap<string, T>, names: readonly string[]): Map<string, T> {
  const rank = new Map(names.map((name, index) => [name, index]))
  const last = names.length
  return new Map([...map].sort(([a], [b]) => (rank.get(a) ?? last) - (rank.get(b) ?? last)))
}
