import path from 'node:path'
import type {FoundContract} from '../found-contract.js'
import type {ContractsInput, ToolName} from '../input.js'
import {addressFileRecords} from './address-file.js'
import {forgeRecords} from './forge.js'
import {hardhatDeployRecords} from './hardhat-deploy.js'
import {ignitionRecords} from './ignition.js'

export interface Place {
  readonly tool: ToolName
  readonly input: Pick<ContractsInput, 'address_files' | 'network'>
  readonly directory: string
  readonly chainId: number
}

/** What the files of a tool say of the contracts of a chain. Of a command nobody knows which it writes: all are read, and of the same name the first counts. */
export async function recordsOf({tool, input, directory, chainId}: Place): Promise<readonly FoundContract[]> {
  const {address_files: files = [], network} = input
  const readers: Readonly<Record<Exclude<ToolName, 'command'>, () => Promise<readonly FoundContract[]>>> = {
    ignition: () => ignitionRecords(directory, chainId),
    'hardhat-deploy': () =>
      hardhatDeployRecords(directory, chainId, tool === 'command' ? network : (network ?? 'localhost')),
    forge: () => forgeRecords(directory, chainId),
  }
  const found = [
    ...(await Promise.all(files.map((file) => addressFileRecords(path.resolve(directory, file), chainId)))),
    ...(tool === 'command' ? await Promise.all(Object.values(readers).map((read) => read())) : [await readers[tool]()]),
  ]
  return firstOfEach(found.flat())
}

/** Of those with the same name, the first. */
export function firstOfEach(found: readonly FoundContract[]): readonly FoundContract[] {
  const names = new Set<string>()
  return found.filter(({name}) => !names.has(name) && names.add(name))
}
