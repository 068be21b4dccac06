import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {name} from '../which.js'
import type {GraphNodeAction} from './action.js'

export interface Created {
  readonly name: string
  readonly id: string
}

/** Makes a name for deployments. One that is there keeps its id. */
export function create(services: PluginServices): GraphNodeAction<{readonly name: string}, Created> {
  return {
    summary: 'Registers a name for a subgraph.',
    input: object({name}),
    output: object({name, id: {type: 'string', description: 'As graph-node calls the name.'}}),
    async run(input, context) {
      const node = new GraphNode(context, services)
      const {id} = await node.admin<{readonly id: string}>('subgraph_create', {name: input.name})
      return {name: input.name, id}
    },
  }
}
