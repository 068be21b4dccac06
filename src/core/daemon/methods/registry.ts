import {HarnessError} from '../../base/errors.js'
import type {RegisteredService} from '../../contract/registry.js'
import type {ParamsOf} from '../../protocol/methods.js'
import {registeredEndpoints} from '../../registry/entries.js'
import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

type RegistryMethods = Pick<Handlers, Extract<keyof Handlers, `registry.${string}`>>

export function registryMethods({stacks}: DaemonContext): RegistryMethods {
  const chosen = ({stack, services}: ParamsOf<'registry.services'>): readonly RegisteredService[] => {
    if (stack !== undefined) return stacks.find(stack).registered(services)
    if (services.length === 0) return stacks.all().flatMap((each) => each.registered())
    const reason = `'services' names ${services.join(', ')}, of which each stack may have one`
    throw new HarnessError('REQUEST_INVALID', {subject: 'registry.services', reason, hint: "Name the 'stack' too."})
  }
  return {
    'registry.services': (query) => ({services: chosen(query)}),
    'registry.addresses': ({stack, service}) => ({addresses: stacks.find(stack).addresses(service)}),
    'registry.topology': (_params, {signal}) => stacks.topology(signal),
    'registry.endpoints': (query) => ({endpoints: registeredEndpoints(chosen(query))}),
  }
}
