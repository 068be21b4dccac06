import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'

/** What `config` of `task_type: tap-contracts` takes. */
export interface TapInput {
  readonly ethereum_url: string
  readonly working_dir: string
  readonly contracts: readonly TapContract[]
  readonly address_book?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface TapContract {
  readonly name: string
  readonly path: string
  readonly args?: readonly (string | {readonly contract: string})[]
}

const text = {type: 'string', minLength: 1}

export const tapInput: JsonSchema<TapInput> = object<TapInput>(
  {
    ethereum_url: {...text, description: 'JSON-RPC of the chain, such as `${anvil.url}`. Its first account deploys.'},
    working_dir: {
      ...text,
      description: "The forge project's folder. Relative paths start at the folder of the stack file.",
    },
    contracts: {
      type: 'array',
      minItems: 1,
      description: 'What to deploy, in this order.',
      items: object(
        {
          name: {...text, description: 'How it is called in the outputs and in the address book.'},
          path: {...text, description: 'The contract, as `src/TAPVerifier.sol:TAPVerifier`.'},
          args: {
            type: 'array',
            items: {
              anyOf: [
                {type: 'string'},
                object({contract: {...text, description: 'The address of one deployed before it.'}}),
              ],
            },
            description:
              'Arguments of its constructor. `{contract: NAME}` is the address of one that stands before it.',
          },
        },
        ['name', 'path'],
      ),
    },
    address_book: {
      ...text,
      description: "File that addresses are written to, by name alone. Left out: one in harness's own state.",
    },
    env: {type: 'object', additionalProperties: {type: 'string'}, description: 'Variables for forge.'},
  },
  ['ethereum_url', 'working_dir', 'contracts'],
)
