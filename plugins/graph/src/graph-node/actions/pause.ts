import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {statusOf, which, type Which} from '../which.js'
import type {GraphNodeAction} from './action.js'

export interface Paused {
  readonly deployment: string
  readonly paused: boolean
}

/** Indexing stops, and the data stays. */
export function pause(services: PluginServices): GraphNodeAction<Which, Paused> {
  return switching(services, true)
}

/** Indexing goes on. */
export function resume(services: PluginServices): GraphNodeAction<Which, Paused> {
  return switching(services, false)
}

function switching(services: PluginServices, paused: boolean): GraphNodeAction<Which, Paused> {
  return {
    summary: paused ? 'Stops the indexing of a subgraph for a while.' : 'Goes on with the indexing of a subgraph.',
    input: object(which, []),
    output: object({
      deployment: {type: 'string', description: 'Its deployment.'},
      paused: {type: 'boolean', description: 'As graph-node says afterwards.'},
    }),
    async run(input, context) {
      const node = new GraphNode(context, services)
      const {deployment} = await statusOf(node, input)
      await node.admin(paused ? 'subgraph_pause' : 'subgraph_resume', {deployment})
      const after = await statusOf(node, {deployment})
      if (after.paused !== paused) throw node.failed(`${deployment} is ${after.paused ? 'still' : 'not'} paused`)
      return {deployment, paused: after.paused}
    },
  }
}
