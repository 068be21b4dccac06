import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {statusOf, which, type Which} from '../which.js'
import type {GraphNodeAction} from './action.js'

export interface Assigned {
  readonly deployment: string
  readonly node_id: string | null
}

/** Another node of the same database indexes it. */
export function reassign(services: PluginServices): GraphNodeAction<Which & {readonly node_id: string}, Assigned> {
  return {
    summary: 'Gives the indexing of a subgraph to another node.',
    input: object(
      {
        ...which,
        node_id: {
          type: 'string',
          pattern: '^[A-Za-z0-9_]{1,63}$',
          description:
            'The node. `default` is the one of a service that runs by itself; another one must be there to go on.',
        },
      },
      ['node_id'],
    ),
    output: object({
      deployment: {type: 'string', description: 'Its deployment.'},
      node_id: {type: ['string', 'null'], description: 'The node that it belongs to, as graph-node says afterwards.'},
    }),
    async run({node_id, ...input}, context) {
      const node = new GraphNode(context, services)
      const {deployment} = await statusOf(node, input)
      await node.admin('subgraph_reassign', {ipfs_hash: deployment, node_id})
      return {deployment, node_id: (await statusOf(node, {deployment})).node}
    },
  }
}
