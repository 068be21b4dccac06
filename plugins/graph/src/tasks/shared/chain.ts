import {createHash} from 'node:crypto'
import type {Wire} from '../../shared/http.js'
import {call, RpcError} from '../../shared/json-rpc.js'

/** A chain as it is now. A chain that was begun anew has the same id, and another genesis block. */
export interface Chain {
  readonly url: string
  readonly id: number
  readonly genesisHash: string
  /** What its node calls itself, where it does: Anvil and Hardhat take a new one at each start, also when they go on with a saved state. */
  readonly instanceId?: string
  /** It is one of those that are made to be thrown away. */
  readonly isDevelopment: boolean
}

/** The ids that Hardhat, Anvil and Ganache take when nobody says another. */
const developmentIds: ReadonlySet<number> = new Set([1337, 31337])

/** Asks which chain is served at an address. Throws when nothing answers there, or what answers is no chain. */
export async function readChain(url: string, wire: Wire): Promise<Chain> {
  const id = Number(await ask<string>(url, 'eth_chainId', [], wire))
  const genesis = await ask<{readonly hash: string} | null>(url, 'eth_getBlockByNumber', ['0x0', false], wire)
  const instanceId = await instanceOf(url, wire)
  return {
    url,
    id,
    genesisHash: genesis?.hash ?? '',
    ...(instanceId === undefined ? {} : {instanceId}),
    isDevelopment: instanceId !== undefined || developmentIds.has(id),
  }
}

async function instanceOf(url: string, wire: Wire): Promise<string | undefined> {
  for (const method of ['anvil_metadata', 'hardhat_metadata']) {
    try {
      const found = await call<{readonly instanceId?: string} | null>({what: 'the chain', url}, method, [], wire)
      if (found?.instanceId !== undefined) return found.instanceId
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
    }
  }
  return undefined
}

/** The code at an address in short; `undefined` where there is none. */
export async function codeAt({url}: Chain, address: string, wire: Wire): Promise<string | undefined> {
  const code = await ask<string>(url, 'eth_getCode', [address, 'latest'], wire)
  return code === '0x' ? undefined : createHash('sha256').update(code).digest('hex')
}

/** Is a transaction on the chain? */
export async function hasTransaction({url}: Chain, hash: string, wire: Wire): Promise<boolean> {
  return (await ask<object | null>(url, 'eth_getTransactionByHash', [hash], wire)) !== null
}

/** Accounts that the node itself signs for. */
export async function accountsOf({url}: Chain, wire: Wire): Promise<readonly string[]> {
  return ask(url, 'eth_accounts', [], wire)
}

async function ask<Result>(url: string, method: string, params: readonly unknown[], wire: Wire): Promise<Result> {
  try {
    return await call<Result>({what: 'the chain', url}, method, params, wire)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    throw wire.services.error('TASK_FAILED', {
      reason: `the chain at ${url} refuses ${method}: ${error.message}`,
      hint: 'See that this is the address of an Ethereum JSON-RPC server.',
    })
  }
}
