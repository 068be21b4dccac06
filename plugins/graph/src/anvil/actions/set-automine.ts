import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {chainOf, type Context} from '../context.js'

export interface Automine {
  readonly enabled: boolean
}

export function setAutomine(services: PluginServices): Action<Context, Automine, Automine> {
  return {
    summary: 'Chooses whether each transaction is mined at once.',
    input: object<Automine>({
      enabled: {type: 'boolean', description: '`false`: transactions wait until blocks are mined with `mine-blocks`.'},
    }),
    output: object<Automine>({enabled: {type: 'boolean', description: 'What Anvil does now.'}}),
    async run({enabled}, context) {
      const chain = chainOf(context, services)
      await chain.ask('evm_setAutomine', enabled)
      return {enabled: await chain.ask<boolean>('anvil_getAutomine')}
    },
  }
}
