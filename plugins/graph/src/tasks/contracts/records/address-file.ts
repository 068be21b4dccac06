import {isAddress, type FoundContract} from '../found-contract.js'
import {mapOf, readJson} from './read-json.js'

/**
 * Contracts of a chain in a file of addresses, in any of the forms that there are: by chain id, `{"1337": {"Token": {"address": "0x…"}}}`; what hardhat-deploy exports,
 * `{"chainId": "1337", "contracts": {"Token": {"address": "0x…"}}}`; by name alone, `{"Token": "0x…"}`.
 */
export async function addressFileRecords(file: string, chainId: number): Promise<readonly FoundContract[]> {
  const content = mapOf(await readJson(file))
  const {chainId: only, contracts} = content
  if (contracts !== undefined && only !== undefined) return Number(only) === chainId ? named(contracts) : []
  const isByChain = Object.keys(content).some((key) => /^\d+$/.test(key))
  return named(isByChain ? content[String(chainId)] : content)
}

function named(contracts: unknown): readonly FoundContract[] {
  return Object.entries(mapOf(contracts)).flatMap(([name, value]) => {
    const address = typeof value === 'string' ? value : mapOf(value)['address']
    return isAddress(address) ? [{name, address}] : []
  })
}
