import type {Action, PluginServices, ServiceContext} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {cidSchema} from '../cid-patterns.js'
import {clientOf} from '../client-of.js'
import type {Pin} from '../client.js'
import type {IpfsConfig} from '../config.js'

type Context = ServiceContext<IpfsConfig>

export interface Hash {
  readonly hash: string
}

export function pin(services: PluginServices): Action<Context, Hash, Hash> {
  return {
    summary: 'Keeps something, with all that is below it.',
    input: object<Hash>({hash: cidSchema}),
    output: object<Hash>({hash: {type: 'string', description: 'What is pinned now.'}}),
    run: async ({hash}, context) => ({hash: await clientOf(context, services).pin(hash)}),
  }
}

export function unpin(services: PluginServices): Action<Context, Hash, Hash> {
  return {
    summary: 'Takes a pin away: what nothing else holds may be removed by IPFS.',
    input: object<Hash>({hash: cidSchema}),
    output: object<Hash>({hash: {type: 'string', description: 'What is not pinned any more.'}}),
    run: async ({hash}, context) => ({hash: await clientOf(context, services).unpin(hash)}),
  }
}

export function listPins(services: PluginServices): Action<Context, object, {readonly pins: readonly Pin[]}> {
  return {
    summary: 'Lists what was pinned.',
    input: object<object>({}),
    output: object({
      pins: {
        type: 'array',
        description: 'In the order of their CIDs.',
        items: object<Pin>({
          hash: {type: 'string', description: 'A CID.'},
          type: {enum: ['recursive', 'direct'], description: '`recursive`: with all that is below it.'},
        }),
      },
    }),
    run: async (_input, context) => ({pins: await clientOf(context, services).listPins()}),
  }
}
