import type {GraphNode} from './graph-node.js'
import type {Block, IndexingStatus} from './indexing-status.js'

/** The chain that a subgraph is of, asked beside graph-node: that goes on to call itself healthy when the chain was replaced. */
export class ChainWatch {
  private differs: {readonly hash: string; readonly since: number} | undefined
  private readonly patienceMs: number

  constructor(
    private readonly node: GraphNode,
    private readonly network: string | null,
    pollingMs = 1000,
  ) {
    this.patienceMs = Math.max(5000, 4 * pollingMs)
  }

  /** Its height now; that of graph-node where the stack does not say where the chain is. */
  async head({chain_head}: Pick<IndexingStatus, 'chain_head'>): Promise<number> {
    const height = this.network === null ? undefined : await this.ask<string>('eth_blockNumber', [])
    return height === undefined ? (chain_head?.number ?? 0) : Number(height)
  }

  /**
   * The block that is indexed is one of the chain. After a reorganisation it is none for a moment. Throws once it is clear that graph-node will not
   * get over it: another first block, or no change for seconds.
   */
  async isSameChain({latest_block}: IndexingStatus): Promise<boolean> {
    if (latest_block === null || this.network === null) return true
    const there = await this.blockAt(latest_block.number)
    if (there === undefined || there?.hash === latest_block.hash) {
      this.differs = undefined
      return true
    }
    if (this.differs?.hash !== latest_block.hash) this.differs = {hash: latest_block.hash, since: performance.now()}
    if ((await this.isReplaced()) || performance.now() - this.differs.since > this.patienceMs)
      throw this.replaced(latest_block, there)
    return false
  }

  /** `undefined`: nobody can say. `null`: there is none. */
  private blockAt(number: number): Promise<{readonly hash: string} | null | undefined> {
    return this.ask('eth_getBlockByNumber', [`0x${number.toString(16)}`, false])
  }

  /** Its first block is another one than graph-node remembers. */
  private async isReplaced(): Promise<boolean> {
    const query = 'query ($network: String!) {blockHashFromNumber(network: $network, blockNumber: 0)}'
    const {blockHashFromNumber: known} = await this.node.status<{blockHashFromNumber: string | null}>(query, {
      network: this.network,
    })
    const first = await this.blockAt(0)
    return known !== null && first != null && bare(known) !== bare(first.hash)
  }

  private replaced({number, hash}: Block, there: {readonly hash: string} | null): Error {
    const now = there === null ? 'has no such block' : `has ${there.hash} there`
    return this.node.failed(
      `the chain '${this.network}' is not the one that graph-node has indexed: of that, block ${number} is ${hash}, and the chain at ${this.node.chainUrl(this.network ?? '')} ${now}`,
      'Type `harness graph reset`: it begins all over, chain and database. After a revert of the chain to an earlier block, mine more blocks than it had before.',
    )
  }

  private async ask<Result>(method: string, params: readonly unknown[]): Promise<Result | undefined> {
    return this.network === null ? undefined : this.node.chain<Result>(this.network, method, params)
  }
}

function bare(hash: string): string {
  return hash.replace(/^0x/, '')
}
