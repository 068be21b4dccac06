import type {AddressView, RegisteredEndpoint, RegisteredService, Topology} from '../../contract/registry.js'
import {method, type OfStack} from '../method.js'
import {array, described, name, object, optional, ref, stackReference} from '../schema-parts.js'

/** Which services of which stacks. */
export interface RegistryQuery {
  /** Missing: those of all stacks. */
  readonly stack?: string
  /** Empty: all of them. Names mean replicas too; only with `stack`. */
  readonly services: readonly string[]
}

const query = () =>
  object({
    stack: optional(described('Missing: all stacks', stackReference())),
    services: described('Empty: all. Only with `stack`', array(name())),
  })

export const registryMethods = {
  'registry.services': method<RegistryQuery, {readonly services: readonly RegisteredService[]}>({
    summary:
      'The services of all stacks, or of one, with their attempts and endpoints. Each is looked at for it: `verified` says whether this daemon has seen that it is so.',
    since: 1,
    params: query(),
    result: object({services: array(ref('RegisteredService'))}),
  }),
  'registry.endpoints': method<RegistryQuery, {readonly endpoints: readonly RegisteredEndpoint[]}>({
    summary: 'The addresses that services of all stacks, or of one, serve, as this machine reaches them.',
    since: 1,
    params: query(),
    result: object({endpoints: array(ref('RegisteredEndpoint'))}),
  }),
  'registry.addresses': method<OfStack & {readonly service: string}, {readonly addresses: readonly AddressView[]}>({
    summary: 'How this machine and the other services of its stack reach a service, and why so.',
    since: 1,
    params: object({stack: stackReference(), service: name()}),
    result: object({addresses: array(ref('AddressView'))}),
  }),
  'registry.topology': method<Record<string, never>, Topology>({
    summary: 'All networks and machines that the stacks are about, and which services are where.',
    since: 1,
    params: object({}),
    result: ref('Topology'),
  }),
} as const
