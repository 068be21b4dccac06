import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceDefaults, ServiceType} from '../contract/service-type.js'
import type {ServiceDefinition} from '../contract/stack.js'

export interface KnownEndpoints {
  readonly names: readonly string[]
  /** `false`: there may be more, known only to a plugin or once it runs. */
  readonly complete: boolean
}

/** The ports of a service by name, with those that its type brings. */
export function endpointsOf(service: ServiceDefinition, catalogue: Catalogue | undefined): KnownEndpoints {
  const ports = service.ports.map((port) => port.name)
  const type = service.serviceType === undefined ? undefined : catalogue?.serviceType(service.serviceType)
  const defaults = type && defaultsOf(type, service)
  const typeKnown = service.serviceType === undefined || defaults !== undefined
  const target = service.target?.type ?? defaults?.target?.type
  return {
    names: [...ports, ...(defaults?.endpoints ?? []).map((endpoint) => endpoint.name)],
    complete: typeKnown && target !== undefined && !isAttached(target, catalogue),
  }
}

/** What the type brings; `undefined` when it cannot tell from this configuration. */
export function defaultsOf(type: ServiceType, service: ServiceDefinition): ServiceDefaults | undefined {
  try {
    return type.defaults(service.config ?? {})
  } catch {
    return undefined
  }
}

/** What runs already has addresses of its own. */
function isAttached(target: string, catalogue: Catalogue | undefined): boolean {
  return catalogue?.executor(target)?.capabilities.ownership === 'attached' || target.endsWith('-attach')
}
