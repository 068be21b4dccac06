import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {statusesOf, type IndexingStatus} from '../indexing-status.js'
import {statusOf, which, type Which} from '../which.js'
import type {GraphNodeAction} from './action.js'

const block = {
  oneOf: [
    {type: 'null'},
    object({
      number: {type: 'integer', description: 'Its height.'},
      hash: {type: 'string', pattern: '^0x', description: 'Its hash.'},
    }),
  ],
}
const text = {type: ['string', 'null']} as const
const integer = {type: 'integer'} as const

const status = object<IndexingStatus>({
  deployment: {type: 'string', description: 'The deployment, `Qm…`.'},
  synced: {
    type: 'boolean',
    description: 'It has reached the head once. That stays true, whatever comes: look at the blocks.',
  },
  health: {enum: ['healthy', 'unhealthy', 'failed'], description: '`failed`: it is indexed no further.'},
  paused: {type: 'boolean'},
  node: {...text, description: 'The node that indexes it. `null`: none does any more.'},
  entity_count: integer,
  history_blocks: integer,
  network: {...text, description: 'The name of its chain.'},
  chain_head: {...block, description: 'The newest block that graph-node has seen.'},
  latest_block: {...block, description: 'The newest block that is indexed.'},
  earliest_block: {type: ['integer', 'null'], description: 'The oldest block that can be queried.'},
  fatal_error: {
    description: 'Why its health is `failed`.',
    oneOf: [
      {type: 'null'},
      object({message: {type: 'string'}, handler: text, block, deterministic: {type: 'boolean'}}),
    ],
  },
  non_fatal_errors: {type: 'array', items: {type: 'string'}},
})

/** What graph-node says of the work on subgraphs. */
export function indexingStatus(
  services: PluginServices,
): GraphNodeAction<Which, {readonly subgraphs: readonly IndexingStatus[]}> {
  return {
    summary: 'Says how far subgraphs are indexed: one of them, or all.',
    input: object(which, []),
    output: object({subgraphs: {type: 'array', items: status}}),
    async run(input, context) {
      const node = new GraphNode(context, services)
      const isOne = input.name !== undefined || input.deployment !== undefined
      if (isOne) return {subgraphs: [await statusOf(node, input)]}
      // The one that gnd is started with is no subgraph of anybody.
      return {subgraphs: (await statusesOf(node)).filter(({deployment}) => !deployment.includes('/'))}
    },
  }
}
