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

const status = object<IndexingStatus>({
  deployment: {type: 'string', description: 'The deployment, `Qm…`.'},
  synced: {
    type: 'boolean',
    description: 'It has reached the head once. That stays true, whatever comes: look at the blocks.',
  },
  health: {enum: ['healthy', 'unhealthy', 'failed'], description: '`failed`: it is indexed no further.'},
  paused: {type: 'boolean', description: 'Its indexing stands still until `resume`.'},
  node: {...text, description: 'The node that indexes it. `null`: none does any more.'},
  entity_count: {type: 'integer', description: 'How many entities it has.'},
  history_blocks: {type: 'integer', description: 'Of how many blocks before the newest one its data is kept.'},
  network: {...text, description: 'The name of its chain.'},
  chain_head: {...block, description: 'The newest block that graph-node has seen.'},
  latest_block: {...block, description: 'The newest block that is indexed.'},
  earliest_block: {type: ['integer', 'null'], description: 'The oldest block that can be queried.'},
  fatal_error: {
    description: 'Why its health is `failed`.',
    oneOf: [
      {type: 'null'},
      object({
        message: {type: 'string', description: 'In the words of graph-node.'},
        handler: {...text, description: 'The function of the mapping. `null`: none was running.'},
        block: {...block, description: 'The block at which it has failed.'},
        deterministic: {type: 'boolean', description: 'It fails each time; else graph-node tries again.'},
      }),
    ],
  },
  non_fatal_errors: {type: 'array', items: {type: 'string'}, description: 'What went wrong and did not end it.'},
})

/** What graph-node says of the work on subgraphs. */
export function indexingStatus(
  services: PluginServices,
): GraphNodeAction<Which, {readonly subgraphs: readonly IndexingStatus[]}> {
  return {
    summary: 'Says how far subgraphs are indexed: one of them, or all.',
    input: object(which, []),
    output: object({subgraphs: {type: 'array', items: status, description: 'One for each deployment.'}}),
    async run(input, context) {
      const node = new GraphNode(context, services)
      const isOne = input.name !== undefined || input.deployment !== undefined
      if (isOne) return {subgraphs: [await statusOf(node, input)]}
      // The one that gnd is started with is no subgraph of anybody.
      return {subgraphs: (await statusesOf(node)).filter(({deployment}) => !deployment.includes('/'))}
    },
  }
}
