import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {quantity} from '../chain.js'
import {chainOf, type Context} from '../context.js'
import {address} from './fields.js'

export interface Input {
  readonly address: string
  readonly balance: string
}

export function setBalance(services: PluginServices): Action<Context, Input, Input> {
  return {
    summary: 'Sets the balance of an account.',
    input: object<Input>({
      address,
      balance: {
        type: 'string',
        pattern: '^([0-9]{1,78}|0x[0-9a-fA-F]{1,64})$',
        description:
          'In wei: decimal, or hexadecimal with 0x before it. A text, since it may be larger than a JSON number.',
      },
    }),
    output: object<Input>({
      address,
      balance: {type: 'string', pattern: '^[0-9]+$', description: 'What the account has now, in wei, decimal.'},
    }),
    async run({address, balance}, context) {
      const chain = chainOf(context, services)
      await chain.ask('anvil_setBalance', address, quantity(BigInt(balance)))
      const now = await chain.ask<string>('eth_getBalance', address, 'latest')
      return {address, balance: BigInt(now).toString()}
    },
  }
}
