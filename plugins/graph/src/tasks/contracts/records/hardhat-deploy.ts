import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {isAddress, type FoundContract} from '../found-contract.js'
import {mapOf, readJson} from './read-json.js'

/** What hardhat-deploy has written of the contracts of a chain: `deployments/NETWORK/CONTRACT.json`, for each network that has this chain's id. */
export async function hardhatDeployRecords(
  directory: string,
  chainId: number,
  network?: string,
): Promise<readonly FoundContract[]> {
  const folder = path.join(directory, 'deployments')
  const networks = network === undefined ? await readdir(folder).catch(() => []) : [network]
  const found = await Promise.all(networks.map((each) => recordsOf(path.join(folder, each), chainId)))
  return found.flat()
}

async function recordsOf(folder: string, chainId: number): Promise<readonly FoundContract[]> {
  const written = await readFile(path.join(folder, '.chainId'), 'utf8').catch(() => '')
  if (written.trim() !== String(chainId)) return []
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()
  const found = await Promise.all(
    files.map(async (file) => {
      const {address} = mapOf(await readJson(path.join(folder, file)))
      return isAddress(address) ? [{name: path.basename(file, '.json'), address}] : []
    }),
  )
  return found.flat()
}
