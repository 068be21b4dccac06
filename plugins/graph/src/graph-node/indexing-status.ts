import type {GraphNode} from './graph-node.js'

export interface Block {
  readonly number: number
  /** With 0x. */
  readonly hash: string
}

/** How far a deployment is. */
export interface IndexingStatus {
  readonly deployment: string
  /** It has reached the head once. That stays true, whatever comes. */
  readonly synced: boolean
  readonly health: 'failed' | 'healthy' | 'unhealthy'
  readonly paused: boolean
  /** The one that indexes it. `null`: none does any more. */
  readonly node: string | null
  readonly entity_count: number
  readonly history_blocks: number
  readonly network: string | null
  readonly chain_head: Block | null
  readonly latest_block: Block | null
  readonly earliest_block: number | null
  readonly fatal_error: SubgraphError | null
  readonly non_fatal_errors: readonly string[]
}

export interface SubgraphError {
  readonly message: string
  readonly handler: string | null
  readonly block: Block | null
  readonly deterministic: boolean
}

/** By deployment, or by the name that now stands for one. `undefined`: graph-node has none of them. */
export async function findStatus(
  node: GraphNode,
  {name, deployment}: {readonly name?: string; readonly deployment?: string},
): Promise<IndexingStatus | undefined> {
  if (deployment !== undefined) return (await statusesOf(node, [deployment]))[0]
  const query = `query ($name: String!) {
    current: indexingStatusForCurrentVersion(subgraphName: $name) ${fields}
    pending: indexingStatusForPendingVersion(subgraphName: $name) ${fields}
  }`
  const {current, pending} = await node.status<{current: Raw | null; pending: Raw | null}>(query, {name})
  // What was deployed last is pending until it has reached the head.
  const newest = pending ?? current
  return newest ? read(newest) : undefined
}

/** All of them, or those that are named. */
export async function statusesOf(node: GraphNode, deployments?: readonly string[]): Promise<readonly IndexingStatus[]> {
  // A variable that is left out makes graph-node panic.
  const [head, argument] =
    deployments === undefined ? ['', ''] : ['query ($subgraphs: [String!]!) ', '(subgraphs: $subgraphs)']
  const query = `${head}{indexingStatuses${argument} ${fields}}`
  const {indexingStatuses} = await node.status<{indexingStatuses: readonly Raw[]}>(query, {subgraphs: deployments})
  return indexingStatuses.map(read)
}

const fields = `{
  subgraph synced health paused node entityCount historyBlocks
  fatalError {message handler deterministic block {number hash}}
  nonFatalErrors {message}
  chains {network chainHeadBlock {number hash} latestBlock {number hash} earliestBlock {number}}
}`

/** As graph-node writes it: numbers as texts, hashes without 0x. */
interface Raw {
  readonly subgraph: string
  readonly synced: boolean
  readonly health: IndexingStatus['health']
  readonly paused: boolean | null
  readonly node: string | null
  readonly entityCount: string
  readonly historyBlocks: number
  readonly fatalError: RawError | null
  readonly nonFatalErrors: readonly {readonly message: string}[]
  readonly chains: readonly {
    readonly network: string
    readonly chainHeadBlock: RawBlock | null
    readonly latestBlock: RawBlock | null
    readonly earliestBlock: {readonly number: string} | null
  }[]
}

interface RawBlock {
  readonly number: string
  readonly hash: string
}

interface RawError {
  readonly message: string
  readonly handler: string | null
  readonly deterministic: boolean
  readonly block: RawBlock | null
}

function read(raw: Raw): IndexingStatus {
  const [chain] = raw.chains
  return {
    deployment: raw.subgraph,
    synced: raw.synced,
    health: raw.health,
    paused: raw.paused ?? false,
    node: raw.node,
    entity_count: Number(raw.entityCount),
    history_blocks: raw.historyBlocks,
    network: chain?.network ?? null,
    chain_head: block(chain?.chainHeadBlock),
    latest_block: block(chain?.latestBlock),
    earliest_block: chain?.earliestBlock ? Number(chain.earliestBlock.number) : null,
    fatal_error: raw.fatalError && {...raw.fatalError, block: block(raw.fatalError.block)},
    non_fatal_errors: raw.nonFatalErrors.map(({message}) => message),
  }
}

function block(raw: RawBlock | null | undefined): Block | null {
  return raw ? {number: Number(raw.number), hash: `0x${raw.hash.replace(/^0x/, '')}`} : null
}
