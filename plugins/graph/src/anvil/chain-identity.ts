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

async function instanceId(chain: Chain): Promise<string | null> {
  try {
    return (await chain.attempt<Metadata>('anvil_metadata')).instanceId
  } catch (error) {
    if (error instanceof RpcError) return null
    throw error
  }
}
