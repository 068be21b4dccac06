import type {JsonObject, PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {GraphNode} from '../graph-node.js'
import {checkWhich, which, type Which} from '../which.js'
import type {GraphNodeAction} from './action.js'

export type Input = Which & {readonly query: string; readonly variables?: object}

/** Asks the data of a subgraph. */
export function querySubgraph(services: PluginServices): GraphNodeAction<Input, {readonly data: JsonObject}> {
  return {
    summary: 'Asks a subgraph for data.',
    input: object(
      {
        ...which,
        query: {type: 'string', minLength: 1, description: 'GraphQL, such as `{transfers {value}}`.'},
        variables: {type: 'object', description: 'Of the query, by their names.'},
      },
      ['query'],
    ),
    output: object({
      data: {type: 'object', description: 'What was asked for, as graph-node writes it: big numbers are texts.'},
    }),
    async run({query, variables = {}, ...which}, context) {
      const node = new GraphNode(context, services)
      checkWhich(node, which)
      const {name, deployment} = which
      const path = name === undefined ? `/subgraphs/id/${deployment}` : `/subgraphs/name/${name}`
      const {data, errors = []} = await node.query(path, {query, variables})
      if (errors.length > 0 || !data)
        throw refused(
          node,
          errors.map(({message}) => message),
        )
      return {data: data as JsonObject}
    },
  }
}

function refused(node: GraphNode, messages: readonly string[]): Error {
  return node.failed(`the query was answered with errors: ${messages.join('; ')}`, hintOf(messages))
}

function hintOf(messages: readonly string[]): string | undefined {
  if (messages.includes('indexing_error'))
    return 'Its indexing has failed: the action `indexing-status` says where and why.'
  if (messages.some((message) => /^deployment `.*` does not exist$/.test(message)))
    return 'Deploy it by `harness graph deploy DIR --name NAME`; `harness graph status` shows what is deployed.'
  return undefined
}
