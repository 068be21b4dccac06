import {readdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {isAddress, type FoundContract} from '../found-contract.js'
import {mapOf, readJson} from './read-json.js'

/** What scripts of forge have written of the contracts of a chain: `broadcast/SCRIPT/CHAIN/run-latest.json`. Of scripts that deploy the same, the newest counts. */
export async function forgeRecords(directory: string, chainId: number): Promise<readonly FoundContract[]> {
  const folder = path.join(directory, 'broadcast')
  const scripts = await readdir(folder).catch(() => [])
  const files = scripts.map((script) => path.join(folder, script, String(chainId), 'run-latest.json'))
  const aged = await Promise.all(
    files.map(async (file) => ({
      file,
      at: await stat(file).then(
        ({mtimeMs}) => mtimeMs,
        () => 0,
      ),
    })),
  )
  const byName = new Map<string, FoundContract>()
  for (const {file} of aged.sort((one, other) => one.at - other.at)) {
    for (const found of await contractsIn(file)) byName.set(found.name, found)
  }
  return [...byName.values()]
}

async function contractsIn(file: string): Promise<readonly FoundContract[]> {
  const {transactions} = mapOf(await readJson(file))
  return (Array.isArray(transactions) ? transactions : []).flatMap((each) => {
    const {transactionType, contractName: name, contractAddress: address} = mapOf(each)
    const isNew = transactionType === 'CREATE' || transactionType === 'CREATE2'
    return isNew && typeof name === 'string' && isAddress(address) ? [{name, address}] : []
  })
}
