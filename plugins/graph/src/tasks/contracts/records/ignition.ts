import path from 'node:path'
import {isAddress, shortNames, type FoundContract} from '../found-contract.js'
import {mapOf, readJson} from './read-json.js'

/** What Hardhat Ignition has written of the contracts of a chain: `{"Module#Contract": "0x…"}`. */
export async function ignitionRecords(directory: string, chainId: number): Promise<readonly FoundContract[]> {
  const file = path.join(directory, 'ignition', 'deployments', `chain-${chainId}`, 'deployed_addresses.json')
  const found = Object.entries(mapOf(await readJson(file)))
  return shortNames(found.flatMap(([name, address]) => (isAddress(address) ? [{name, address}] : [])))
}
