import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {chainOf, type Context} from '../context.js'
import {address} from './fields.js'

export interface Input {
  readonly address: string
  readonly stop?: boolean
}

export interface Output {
  readonly address: string
  readonly unlocked: boolean
}

export function impersonate(services: PluginServices): Action<Context, Input, Output> {
  return {
    summary: 'Lets transactions be sent from an account whose key nobody has.',
    input: object<Input>({address, stop: {type: 'boolean', default: false, description: '`true`: not any more.'}}, [
      'address',
    ]),
    output: object<Output>({
      address,
      unlocked: {type: 'boolean', description: 'Whether Anvil sends transactions from it now.'},
    }),
    async run({address, stop = false}, context) {
      const chain = chainOf(context, services)
      await chain.ask(stop ? 'anvil_stopImpersonatingAccount' : 'anvil_impersonateAccount', address)
      const accounts = await chain.ask<readonly string[]>('eth_accounts')
      return {address, unlocked: accounts.some((each) => each.toLowerCase() === address.toLowerCase())}
    },
  }
}
