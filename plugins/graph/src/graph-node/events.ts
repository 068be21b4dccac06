import type {ProcessEvent} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

/** What graph-node tells of a deployment. */
export type GraphNodeEvent =
  | {readonly what: 'deployed' | 'started'; readonly deployment: string}
  | {readonly what: 'indexed' | 'reverted'; readonly deployment: string; readonly block: number}
  | {readonly what: 'failed'; readonly deployment: string; readonly reason: string}

export const event = object<GraphNodeEvent>(
  {
    what: {
      enum: ['deployed', 'started', 'indexed', 'reverted', 'failed'],
      description:
        'It was deployed; its indexing begins; it is indexed up to `block`; a reorganisation takes it back to `block`; its indexing has failed of `reason`.',
    },
    deployment: {type: 'string', description: 'The deployment, `Qm…`.'},
    block: {type: 'integer', description: 'A height of the chain.'},
    reason: {type: 'string', description: 'In the words of graph-node.'},
  },
  ['what', 'deployment'],
)

/** Reads a line of its log: `Nov 27 19:45:03.080 INFO MESSAGE, key: value, …, subgraph_id: Qm…, component: …`. */
export function processEvent(event: ProcessEvent): GraphNodeEvent | undefined {
  if (event.kind !== 'line') return undefined
  const [, deployment] = /, subgraph_id: (Qm\w{44})\b/.exec(event.text) ?? []
  const [, message] = /^\w{3} +\d+ [\d:.]+ [A-Z]{4,5} (.*)$/.exec(event.text) ?? []
  return deployment === undefined || message === undefined ? undefined : eventOf(message, deployment)
}

function eventOf(message: string, deployment: string): GraphNodeEvent | undefined {
  if (message.startsWith('Set subgraph start block,')) return {what: 'deployed', deployment}
  if (message.startsWith('Data source count at start:')) return {what: 'started', deployment}
  const failure = /^Subgraph instance failed to run: (.*), code: \w+/.exec(message)
  if (failure?.[1] !== undefined) return {what: 'failed', deployment, reason: failure[1].replaceAll(/\s+/g, ' ').trim()}
  const what = message.startsWith('Committed write batch,') ? 'indexed' : 'reverted'
  if (what === 'reverted' && !message.startsWith('Reverting block to get back to main chain,')) return undefined
  const block = /, (?:block_number: |revert_to_ptr: #)(\d+)/.exec(message)?.[1]
  return block === undefined ? undefined : {what, deployment, block: Number(block)}
}
