import {RpcError} from '../shared/json-rpc.js'
import type {Block, Chain, Metadata} from './chain.js'

/** By what a chain is known again. */
export interface ChainIdentity {
  readonly chain_id: number
  /** Another one after each start and `anvil_reset` of Anvil; `null` where the node has none. */
  readonly instance_id: string | null
  readonly genesis_hash: string | null
  readonly head: Pick<Block, 'block_hash' | 'block_number'>
}

export async function chainIdentity(chain: Chain): Promise<ChainIdentity> {
  const chainId = await chain.ask<string>('eth_chainId')
  const instance = await instanceId(chain)
  const [genesis, {block_hash, block_number}] = await Promise.all([chain.findBlock(0), chain.head()])
  return {
    chain_id: Number(chainId),
    instance_id: instance,
    genesis_hash: genesis?.block_hash ?? null,
    head: {block_hash, block_number},
  }
}

/**
 * What is known of it holds on: it is the chain that was seen, perhaps with more blocks, also when Anvil has started again with the state of before. A chain that started anew has
 * other blocks, even where it has the same genesis block.
 */
export async function isSameChain(seen: ChainIdentity, chain: Chain): Promise<boolean> {
  const now = await chainIdentity(chain)
  if (now.chain_id !== seen.chain_id || now.genesis_hash !== seen.genesis_hash) return false
  if (now.instance_id !== null && now.instance_id === seen.instance_id) return true
  const block = await chain.findBlock(seen.head.block_number)
  return block?.block_hash === seen.head.block_hash
}

async function instanceId(chain: Chain): Promise<string | null> {
  try {
    return (await chain.attempt<Metadata>('anvil_metadata')).instanceId
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
