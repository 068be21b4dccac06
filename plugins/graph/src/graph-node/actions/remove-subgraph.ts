import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {findStatus} from '../indexing-status.js'
import {name} from '../which.js'
import type {GraphNodeAction} from './action.js'

export interface Removed {
  readonly name: string
  readonly deployment: string | null
}

/** Takes a name away, and what is deployed under it is indexed no more. A name that is not there is no error. */
export function removeSubgraph(services: PluginServices): GraphNodeAction<{readonly name: string}, Removed> {
  return {
    summary: 'Removes the name of a subgraph, and stops its indexing.',
    input: object({name}),
    output: object({
      name,
      deployment: {type: ['string', 'null'], description: 'What was deployed under it. `null`: nothing.'},
    }),
    async run(input, context) {
      const node = new GraphNode(context, services)
      const before = await findStatus(node, input)
      await node.admin('subgraph_remove', {name: input.name})
      if (await findStatus(node, input)) throw node.failed(`'${input.name}' is still there`)
      return {name: input.name, deployment: before?.deployment ?? null}
    },
  }
}
