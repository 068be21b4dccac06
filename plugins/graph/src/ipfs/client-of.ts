import type {PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {addressOf, urlOf} from '../shared/address-of.js'
import {IpfsClient} from './client.js'

export const apiPort = {name: 'api', number: 5001} as const

/** A client for the service whose action it is. */
export function clientOf(
  context: Pick<ServiceContext<unknown>, 'endpoint' | 'signal'>,
  services: Pick<PluginServices, 'error'>,
): IpfsClient {
  return new IpfsClient(urlOf(addressOf(context, apiPort)), {services, signal: context.signal})
}
