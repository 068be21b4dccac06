import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput} from './fields.js'

export interface Snapshot {
  readonly id: string
}

const id = {type: 'string', pattern: '^0x[0-9a-f]{1,64}$'} as const

export function snapshot(services: PluginServices): Action<Context, object, HeadOutput & Snapshot> {
  return {
    summary: 'Takes a snapshot of the chain, for `revert`.',
    input: object({}),
    output: object<HeadOutput & Snapshot>({id: {...id, description: 'The snapshot, for `revert`.'}, ...blockFields}),
    async run(_input, context) {
      const chain = chainOf(context, services)
      const {block_number, block_hash} = await chain.head()
      return {id: await chain.ask<string>('evm_snapshot'), block_number, block_hash}
    },
  }
}

export function revert(services: PluginServices): Action<Context, Snapshot, HeadOutput> {
  return {
    summary: 'Takes the chain back to a snapshot, which is used up by that, as are later ones.',
    input: object<Snapshot>({id: {...id, description: 'What `snapshot` has answered.'}}),
    output: object<HeadOutput>(blockFields),
    async run({id}, context) {
      const chain = chainOf(context, services)
      if (!(await chain.ask<boolean>('evm_revert', id))) {
        throw services.error('ACTION_FAILED', {
          subject: 'Anvil',
          reason: `there is no snapshot ${id}: it never was, or it is used up`,
          hint: 'Take another one with the action `snapshot`.',
        })
      }
      const {block_number, block_hash} = await chain.head()
      return {block_number, block_hash}
    },
  }
}
