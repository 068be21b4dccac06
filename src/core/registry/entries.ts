import type {RegisteredAttempt, RegisteredEndpoint, RegisteredService, Verification} from '../contract/registry.js'
import type {ServiceStatus} from '../contract/status.js'

/** What a stack knows of one of its services. */
export interface ServiceSource {
  /** The stack's id, its name, and its file. */
  readonly stack: {readonly id: string; readonly name: string; readonly file: string}
  readonly group: string
  readonly replica: number
  readonly target: string
  readonly serviceType: string | undefined
  readonly network: string | undefined
  /** As its record has it. */
  readonly status: ServiceStatus
  readonly attempts: readonly RegisteredAttempt[]
  /** What this daemon has seen of its workload. */
  readonly check: Verification & {readonly alive: boolean | null}
}

/** The entry of a service. Where it was last is told as long as something of it may be there. */
export function registeredService({stack, status, check, ...source}: ServiceSource): RegisteredService {
  const {name: service, state, desired, since, pid, container, host, endpoints, orphan} = status
  const gone = check.alive === false
  return {
    ...{stack: stack.id, stackName: stack.name, file: stack.file, service},
    ...{group: source.group, replica: source.replica, target: source.target},
    ...{serviceType: source.serviceType ?? null, network: source.network ?? null},
    ...{state, desired, since, orphan},
    alive: check.alive,
    ready: check.alive === true && state === 'Running',
    ...(gone ? {pid: null, container: null, host: null} : {pid, container, host}),
    endpoints: gone && state !== 'Starting' ? [] : endpoints,
    attempts: source.attempts,
    ...{verified: check.verified, checkedAt: check.checkedAt, reason: check.reason},
  }
}

/** The addresses of these services, each as true as the one that serves it. */
export function registeredEndpoints(services: readonly RegisteredService[]): readonly RegisteredEndpoint[] {
  return services.flatMap(({stack, stackName, service, ready, verified, checkedAt, reason, endpoints}) =>
    endpoints.map((endpoint) => ({stack, stackName, service, ...endpoint, ready, verified, checkedAt, reason})),
  )
}

/** Equal for entries that differ in nothing but their state, of which there are events of its own, and in when and how they were checked. */
export function signature(entry: RegisteredService): string {
  const {state: _state, since: _since, checkedAt: _checkedAt, reason: _reason, ready: _ready, ...lasting} = entry
  return JSON.stringify(lasting)
}
