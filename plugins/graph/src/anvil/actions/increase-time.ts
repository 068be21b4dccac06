import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput, timestamp} from './fields.js'

export type Output = HeadOutput & {readonly timestamp: number}

/** Mines a block, since only a block has a time that contracts see. */
export function increaseTime(services: PluginServices): Action<Context, {readonly seconds: number}, Output> {
  return {
    summary: "Moves the chain's clock forward, and mines a block.",
    input: object<{readonly seconds: number}>({
      seconds: {type: 'integer', minimum: 1, maximum: 3_153_600_000, description: 'How far. At most a hundred years.'},
    }),
    output: object<Output>({...blockFields, timestamp}),
    async run({seconds}, context) {
      const chain = chainOf(context, services)
      await chain.ask('evm_increaseTime', seconds)
      await chain.ask('anvil_mine', '0x1')
      return chain.head()
    },
  }
}
