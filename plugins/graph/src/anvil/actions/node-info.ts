import type {Action, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import type {Chain} from '../chain.js'
import {chainIdentity} from '../chain-identity.js'
import {chainOf, type Context} from '../context.js'
import {blockFields, type HeadOutput} from './fields.js'

export interface Fork {
  readonly url: string
  readonly block_number: number
}

export type Output = HeadOutput & {
  readonly chain_id: number
  readonly instance_id: string | null
  readonly genesis_hash: string | null
  readonly fork: Fork | null
}

/** The form of `Fork`. */
export const forkFields = object<Fork>({
  url: {type: 'string', description: 'The RPC URL of the forked chain.'},
  block_number: {type: 'integer', description: 'The block that it began at.'},
})

const text = {type: ['string', 'null']} as const

export function nodeInfo(services: PluginServices): Action<Context, object, Output> {
  return {
    summary: 'Tells which chain it is, how far it has come, and what it is a fork of.',
    input: object({}),
    output: object<Output>({
      chain_id: {type: 'integer', description: 'The chain ID.'},
      ...blockFields,
      instance_id: {...text, description: 'Another one after each start and fork.'},
      genesis_hash: {...text, description: 'The hash of the first block.'},
      fork: {
        description: 'What it is a fork of; null: of nothing.',
        anyOf: [{type: 'null'}, forkFields],
      },
    }),
    async run(_input, context) {
      const chain = chainOf(context, services)
      const {head, ...identity} = await chainIdentity(chain)
      return {...identity, ...head, fork: await forkOf(chain)}
    },
  }
}

/** What the chain is a fork of. */
export async function forkOf(chain: Chain): Promise<Fork | null> {
  const {forkUrl, forkBlockNumber} = (await chain.nodeInfo()).forkConfig
  return forkUrl === null || forkBlockNumber === null ? null : {url: forkUrl, block_number: forkBlockNumber}
}
