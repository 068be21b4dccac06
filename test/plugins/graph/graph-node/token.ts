import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {until} from '../../../support/harness.js'

/** The folder of the subgraph, built, whose contract `deployToken` deploys. */
export const subgraph = path.resolve(import.meta.dirname, '../../../fixtures/graph/subgraph')

const sender = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const contract = '0x5fbdb2315678afecb367f032d93f642f64180aa3'

/** Another account of Anvil. */
export const receiver = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'

/** Asks a chain. Throws what it refuses. */
export async function rpc<Result = unknown>(
  url: string,
  method: string,
  ...params: readonly unknown[]
): Promise<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({jsonrpc: '2.0', id: 1, method, params}),
  })
  const {result, error} = (await response.json()) as {result: Result; error?: {message: string}}
  if (error) throw new Error(`${method}: ${error.message}`)
  return result
}

/** Where the manifest says: it must be the first transaction of the chain. */
export async function deployToken(chain: string): Promise<void> {
  const data = `0x${await readFile(path.join(subgraph, 'Token.hex'), 'utf8')}`
  await mined(chain, {from: sender, data})
}

/** One transaction in a block of its own. */
export async function transfer(chain: string, value: number): Promise<void> {
  const word = (hex: string): string => hex.replace(/^0x/, '').padStart(64, '0')
  const data = `0xa9059cbb${word(receiver)}${word(value.toString(16))}`
  await mined(chain, {from: sender, to: contract, data})
}

async function mined(chain: string, transaction: object): Promise<void> {
  const hash = await rpc(chain, 'eth_sendTransaction', transaction)
  let receipt: {readonly status: string} | null = null
  await until(async () => (receipt = await rpc(chain, 'eth_getTransactionReceipt', hash)) !== null, 'it is mined')
  if ((receipt as {readonly status: string} | null)?.status !== '0x1') throw new Error('the transaction was reverted')
}
