import type {JsonSchema} from '@service-harness/cli/plugin'
import type {Chain} from '../shared/chain.js'
import type {FoundContract} from './found-contract.js'

/** Each contract is there by its name as well: `${deploy.outputs.Token}`. */
export interface ContractsOutput {
  readonly addresses: Readonly<Record<string, string>>
  readonly chain_id: number
  readonly address_book: string
  readonly [contract: string]: unknown
}

const address = {type: 'string', pattern: '^0x[0-9a-fA-F]{40}$'}

export const contractsOutput: JsonSchema<ContractsOutput> = {
  type: 'object',
  properties: {
    addresses: {type: 'object', additionalProperties: address, description: 'Address of each contract, by name.'},
    chain_id: {type: 'integer', description: 'Id of the chain that they are on.'},
    address_book: {type: 'string', description: 'The file that they are written in, by chain id and name.'},
  },
  required: ['addresses', 'chain_id', 'address_book'],
  additionalProperties: {...address, description: 'Address of the contract of this name.'},
}

export function answer({
  chain,
  contracts,
  book,
}: {
  readonly chain: Chain
  readonly contracts: readonly FoundContract[]
  readonly book: string
}): ContractsOutput {
  const addresses = Object.fromEntries(contracts.map(({name, address: at}) => [name, at]))
  return {...addresses, addresses, chain_id: chain.id, address_book: book}
}
