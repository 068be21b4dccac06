import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput} from './fields.js'

export interface Input {
  readonly depth: number
}

export type Output = HeadOutput & {readonly replaced_hash: string}

export function reorg(services: PluginServices): Action<Context, Input, Output> {
  return {
    summary: 'Replaces the newest blocks by as many others, without their transactions.',
    input: object<Input>({
      depth: {type: 'integer', minimum: 1, maximum: 10_000, description: 'How many blocks. Fewer than the chain has.'},
    }),
    output: object<Output>({
      ...blockFields,
      replaced_hash: {...blockFields.block_hash, description: 'The hash of the newest block before that.'},
    }),
    async run({depth}, context) {
      const chain = chainOf(context, services)
      const before = await chain.head()
      await chain.ask('anvil_reorg', depth, [])
      const {block_number, block_hash} = await chain.head()
      return {block_number, block_hash, replaced_hash: before.block_hash}
    },
  }
}
