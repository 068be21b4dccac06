import {setTimeout} from 'node:timers/promises'
import type {PluginServices} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {ChainWatch} from '../chain-watch.js'
import {GraphNode} from '../graph-node.js'
import type {IndexingStatus, SubgraphError} from '../indexing-status.js'
import {statusOf, which, type Which} from '../which.js'
import type {GraphNodeAction} from './action.js'

export type Input = Which & {readonly block?: number; readonly timeout_secs?: number}

export interface Synced {
  readonly deployment: string
  readonly block: number
  readonly head: number
}

/** How far it is, each time that this changes. */
export type SyncEvent = {readonly block: number; readonly head: number}

const pollMs = 100

/** Waits until a block is indexed. Gives up at once where it never will be. */
export function waitForSync(services: PluginServices): GraphNodeAction<Input, Synced, SyncEvent> {
  return {
    summary: 'Waits until a subgraph is indexed up to a block.',
    input: object(
      {
        ...which,
        block: {type: 'integer', minimum: 0, description: 'The block. The head of the chain where it is left out.'},
        timeout_secs: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: 86_400,
          default: 60,
          description: 'How long to wait, at most.',
        },
      },
      [],
    ),
    output: object({
      deployment: {type: 'string', description: 'Its deployment.'},
      block: {type: 'integer', description: 'The newest block that is indexed.'},
      head: {type: 'integer', description: 'The head of the chain.'},
    }),
    event: object({
      block: {type: 'integer', description: 'The newest block that is indexed.'},
      head: {type: 'integer', description: 'The head of the chain.'},
    }),
    async run({block, timeout_secs = 60, ...which}, context) {
      const node = new GraphNode(context, services)
      const first = await statusOf(node, which)
      const {deployment} = first
      const watch = new ChainWatch(node, first.network, context.config.polling_interval)
      const target = block ?? (await watch.head(first))
      const end = performance.now() + timeout_secs * 1000
      let told = ''
      for (;;) {
        const status = await statusOf(node, {deployment})
        throwIfOver(node, status)
        const head = await watch.head(status)
        const indexed = status.latest_block?.number ?? 0
        const now = `block ${indexed} of ${target}`
        if (now !== told) {
          context.progress(now)
          context.emit({block: indexed, head})
          told = now
        }
        const isSame = await watch.isSameChain(status)
        const isThere = isSame && status.latest_block !== null && indexed >= target
        if (isThere && (await isSettled(node, status))) return {deployment, block: indexed, head}
        if (performance.now() > end) throw late(node, {timeout_secs, now, head, target})
        await setTimeout(pollMs, undefined, {signal: context.signal})
      }
    },
  }
}

/**
 * A block that a mapping has failed in counts as indexed first, and a moment later the deployment has failed. Where it may have errors (`nonFatalErrors`), it goes on with them.
 */
async function isSettled(node: GraphNode, {deployment, health}: IndexingStatus): Promise<boolean> {
  const query = 'query ($id: String!) {subgraphFeatures(subgraphId: $id) {features}}'
  if (health === 'healthy') return !(await hasErrors(node, deployment))
  const {subgraphFeatures} = await node.status<{subgraphFeatures: {features: readonly string[]}}>(query, {
    id: deployment,
  })
  return subgraphFeatures.features.includes('nonFatalErrors')
}

async function hasErrors(node: GraphNode, deployment: string): Promise<boolean> {
  const question = {query: '{_meta {hasIndexingErrors}}', variables: {}}
  const {data, errors = []} = await node.query(`/subgraphs/id/${deployment}`, question)
  const meta = (data as {readonly _meta?: {readonly hasIndexingErrors: boolean}} | null | undefined)?._meta
  return meta?.hasIndexingErrors ?? errors.some(({message}) => message === 'indexing_error')
}

/** Where waiting has no sense. */
function throwIfOver(node: GraphNode, {deployment, health, fatal_error, paused, node: assigned}: IndexingStatus): void {
  if (health === 'failed')
    throw node.failed(`indexing ${deployment} has failed${fatal_error ? said(fatal_error) : ''}`, mend)
  if (assigned === null)
    throw node.failed(`${deployment} is indexed no more: its name was removed`, 'Deploy it again: `deploy-subgraph`.')
  if (paused) throw node.failed(`${deployment} is paused`, 'Go on with the action `resume`.')
}

const mend = 'Correct the mapping, build it, and deploy it again.'

function said({message, handler, block}: SubgraphError): string {
  const where = [block && `at block ${block.number}`, handler && `in ${handler}`].filter(Boolean).join(' ')
  return `${where === '' ? '' : ` ${where}`}: ${message.trim().replace(/\s*\n\s*/g, ' ')}`
}

function late(
  node: GraphNode,
  {timeout_secs, now, head, target}: {timeout_secs: number; now: string; head: number; target: number},
): Error {
  const isAhead = target > head
  return node.failed(
    `it was not indexed within ${timeout_secs} s: it is at ${now}, and the head of the chain is ${head}`,
    isAhead ? `The chain must come to block ${target} first: mine blocks.` : undefined,
  )
}
