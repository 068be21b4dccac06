import type {PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {addressOf, urlOf} from '../shared/address-of.js'
import {Chain} from './chain.js'
import type {AnvilConfig} from './config.js'

export type Context = ServiceContext<AnvilConfig>

/** Where Anvil answers. */
const rpcPort = {name: 'rpc', number: 8545} as const

/** The service's own chain. */
export function chainOf(context: Context, services: PluginServices): Chain {
  const url = urlOf(addressOf(context, rpcPort))
  return new Chain({what: 'Anvil', url}, {services, signal: context.signal})
}
