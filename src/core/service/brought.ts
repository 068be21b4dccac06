import type {Catalogue} from '../contract/catalogue.js'
import type {ServiceDefaults, ServiceSetup} from '../contract/service-type.js'
import type {ServiceDefinition} from '../contract/stack.js'

/**
 * What the type of a service brought when the definition was taken over. It is remembered, so that a service goes on, and can be seen and stopped, when the
 * next daemon has no such type: its plugin was uninstalled, is broken, or was left out.
 */
interface Brought {
  readonly defaults: ServiceDefaults
  /** There is one-time work after each start. */
  readonly setup: boolean
}

export type BroughtTo = Readonly<Record<string, Brought>>

/** By the names of the services. Of those whose type cannot be asked what was `known` stays. */
export function broughtTo(
  services: Readonly<Record<string, ServiceDefinition>>,
  catalogue: Catalogue,
  known: BroughtTo = {},
): BroughtTo {
  const found = Object.entries(services).flatMap(([name, service]) => {
    const brought = broughtBy(service, name, catalogue) ?? known[name]
    return brought ? [[name, brought] as const] : []
  })
  return Object.fromEntries(found)
}

/** What is supervised of what the type brings. `name` is that of the service in the file. */
export interface TypeParts {
  readonly defaults: ServiceDefaults | undefined
  readonly setup: ServiceSetup<unknown> | undefined
}

/** From the type itself where it is there and can be asked, else as it is remembered. */
export function typeParts(
  name: string,
  service: ServiceDefinition,
  {catalogue, known}: {readonly catalogue: Catalogue; readonly known: BroughtTo},
): TypeParts {
  const {serviceType} = service
  if (serviceType === undefined) return {defaults: undefined, setup: undefined}
  const now = broughtBy(service, name, catalogue)
  if (now) return {defaults: now.defaults, setup: catalogue.serviceType(serviceType)?.setup}
  const former = known[name]
  // Nobody can say how such a service is run. What runs of it is found by its own record.
  const nameless = service.target ? {} : {target: {type: serviceType, spec: {}}}
  return {defaults: former?.defaults ?? nameless, setup: former?.setup ? missingSetup(serviceType) : undefined}
}

function broughtBy(
  {serviceType, config = {}}: ServiceDefinition,
  name: string,
  catalogue: Catalogue,
): Brought | undefined {
  const type = serviceType === undefined ? undefined : catalogue.serviceType(serviceType)
  try {
    return type && {defaults: type.defaults(config, {name}), setup: type.setup !== undefined}
  } catch {
    // A stack file of which it throws is refused when it is loaded. This one was taken by a former version of the type.
    return undefined
  }
}

/** What runs counts as set up; what starts anew cannot be, and others must not use it before. */
function missingSetup(type: string): ServiceSetup<unknown> {
  const fail = (): Promise<never> =>
    Promise.reject(
      new Error(`no loaded plugin brings the service type '${type}': install it, then run \`harness daemon restart\``),
    )
  return {isComplete: fail, perform: fail}
}
