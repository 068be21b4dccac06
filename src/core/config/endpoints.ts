import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceDefaults, ServiceType} from '../contract/service-type.js'
import type {ServiceDefinition} from '../contract/stack.js'
import {mergePorts} from './merge-ports.js'

export interface KnownEndpoints {
  readonly names: readonly string[]
  /** `false`: there may be more, known only to a plugin or once it runs. */
  readonly complete: boolean
}

/** The ports of a service by name, with those that its type brings. */
export function endpointsOf(service: ServiceDefinition, catalogue: Catalogue | undefined): KnownEndpoints {
  const defaults = typeDefaults(service, catalogue)
  const ports = mergePorts(service.ports, defaults?.ports ?? []).map((port) => port.name)
  const brought = (defaults?.endpoints ?? []).map((endpoint) => endpoint.name)
  const target = service.target?.type ?? defaults?.target?.type
  return {
    names: [...new Set([...ports, ...brought])],
    complete: defaults !== undefined && target !== undefined && !isAttached(target, catalogue),
  }
}

/** Empty without a type; `undefined` when it is not known what the type brings. */
export function typeDefaults(
  service: ServiceDefinition,
  catalogue: Catalogue | undefined,
): ServiceDefaults | undefined {
  if (service.serviceType === undefined) return {}
  const type = catalogue?.serviceType(service.serviceType)
  try {
    return type && defaultsOf(type, service)
  } catch {
    return undefined
  }
}

/** What the type brings. Throws what the type throws. */
export function defaultsOf(type: ServiceType, service: ServiceDefinition): ServiceDefaults {
  // What the service is called changes nothing of what is asked here.
  return type.defaults(service.config ?? {}, {name: 'service'})
}

/** What runs already has addresses of its own. */
function isAttached(target: string, catalogue: Catalogue | undefined): boolean {
  return catalogue?.executor(target)?.capabilities.ownership === 'attached' || target.endsWith('-attach')
}
