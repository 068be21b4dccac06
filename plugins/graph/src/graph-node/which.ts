import type {GraphNode} from './graph-node.js'
import {findStatus, type IndexingStatus} from './indexing-status.js'

/** Which subgraph is meant. */
export interface Which {
  readonly name?: string
  readonly deployment?: string
}

export const name = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'The name of the subgraph, such as `acme/token`.',
} as const

const deployment = {
  type: 'string',
  pattern: '^Qm[1-9A-HJ-NP-Za-km-z]{44}$',
  description: 'The deployment, `Qm…`. Either this or `name`.',
} as const

/** Fields of an input that says which. */
export const which = {name: {...name, description: `${name.description} Either this or \`deployment\`.`}, deployment}

/** Exactly one of them is there. */
export function checkWhich(node: GraphNode, {name, deployment}: Which): void {
  if ((name === undefined) === (deployment === undefined))
    throw node.invalid('give either `name` or `deployment`, and one of them')
}

/** Its status. Throws when graph-node does not know it. */
export async function statusOf(node: GraphNode, which: Which): Promise<IndexingStatus> {
  checkWhich(node, which)
  const found = await findStatus(node, which)
  if (found) return found
  const {name, deployment} = which
  throw node.failed(
    name === undefined ? `graph-node has no deployment ${deployment}` : `nothing is deployed as '${name}'`,
    'Deploy it with the action `deploy-subgraph`; `indexing-status` shows what there is.',
  )
}
