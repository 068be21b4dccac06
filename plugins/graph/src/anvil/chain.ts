import type {PluginServices} from '@service-harness/cli/plugin'
import type {Peer, Wire} from '../shared/http.js'
import {call, RpcError} from '../shared/json-rpc.js'

/** A block, as far as anything here asks for it. */
export interface Block {
  readonly block_number: number
  readonly block_hash: string
  /** Seconds since the epoch. */
  readonly timestamp: number
}

/** What a node says of itself: `anvil_nodeInfo`. */
export interface NodeInfo {
  readonly forkConfig: {readonly forkUrl: string | null; readonly forkBlockNumber: number | null}
}

/** What a node says of its run: `anvil_metadata`. */
export interface Metadata {
  readonly chainId: number
  readonly instanceId: string
}

/** The calls of an Ethereum node, with the numbers as numbers. What it refuses is ACTION_FAILED; `attempt` throws `RpcError` instead. */
export class Chain {
  constructor(
    readonly peer: Peer,
    private readonly wire: Wire,
  ) {}

  get services(): Pick<PluginServices, 'error'> {
    return this.wire.services
  }

  attempt<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    return call<Result>(this.peer, method, params, this.wire)
  }

  async ask<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
    try {
      return await this.attempt<Result>(method, ...params)
    } catch (error) {
      throw error instanceof RpcError ? this.refusal(error) : error
    }
  }

  /** `undefined`: there is no such block. */
  async findBlock(number: number | 'latest'): Promise<Block | undefined> {
    const tag = number === 'latest' ? number : quantity(number)
    const found = await this.ask<RawBlock | null>('eth_getBlockByNumber', tag, false)
    return found === null
      ? undefined
      : {block_number: Number(found.number), block_hash: found.hash, timestamp: Number(found.timestamp)}
  }

  /** The newest block. */
  async head(): Promise<Block> {
    const found = await this.findBlock('latest')
    if (found) return found
    throw this.services.error('ACTION_FAILED', {subject: this.peer.what, reason: `${this.peer.what} has no block`})
  }

  nodeInfo(): Promise<NodeInfo> {
    return this.ask('anvil_nodeInfo')
  }

  metadata(): Promise<Metadata> {
    return this.ask('anvil_metadata')
  }

  private refusal(error: RpcError): Error {
    const {what, url} = this.peer
    const isUnknown = error.rpcCode === -32_601
    return this.services.error('ACTION_FAILED', {
      subject: what,
      reason: isUnknown
        ? `${what} at ${url} knows no ${error.method}`
        : `${what} refuses ${error.method}: ${error.message.replace(/\.$/, '')}`,
      ...(isUnknown && {hint: 'This needs an Anvil that is not too old: see what answers there.'}),
      cause: error,
    })
  }
}

interface RawBlock {
  readonly number: string
  readonly hash: string
  readonly timestamp: string
}

/** A number, as JSON-RPC of Ethereum has it: `0x1a`. */
export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`
}
