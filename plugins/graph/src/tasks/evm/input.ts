import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import type {Expectation} from './condition.js'

/** What `config` of `task_type: evm-command` takes. */
export interface EvmInput {
  readonly ethereum_url: string
  readonly command?: readonly string[]
  readonly working_dir?: string
  readonly env?: Readonly<Record<string, string>>
  readonly rpc?: readonly {readonly method: string; readonly params?: readonly unknown[]}[]
  readonly until?: Until
  readonly mine?: {readonly url?: string; readonly blocks_per_poll?: number; readonly interval_secs?: number}
  readonly poll_secs?: number
  readonly timeout_secs?: number
}

export type Until =
  | {readonly graphql: Expectation & {readonly url: string; readonly query: string; readonly variables?: object}}
  | {readonly rpc: Expectation & {readonly url?: string; readonly method: string; readonly params?: readonly unknown[]}}

const text = {type: 'string', minLength: 1}
const expectation = {
  path: {
    ...text,
    description: 'Which part of the answer is meant, such as `allocations.0.status`. Left out: all of it.',
  },
  equals: {description: 'What it must be.'},
  at_least: {type: 'number', description: 'The least that it may be. Hexadecimal texts are numbers.'},
  matches: {...text, description: 'Regular expression that it must match.'},
}
const method = {...text, description: 'Such as `eth_blockNumber`.'}
const params = {type: 'array', description: 'Parameters of the method.', default: []}

export const evmInput: JsonSchema<EvmInput> = {
  ...object<EvmInput>(
    {
      ethereum_url: {...text, description: 'JSON-RPC of the chain, such as `${anvil.url}`.'},
      command: {
        type: 'array',
        items: {type: 'string'},
        minItems: 1,
        description:
          'A program and its arguments. It is given the address of the chain as ETHEREUM_URL, ETH_RPC_URL and RPC_URL.',
      },
      working_dir: {
        ...text,
        description: 'Where the command runs. Relative paths start at the folder of the stack file.',
        default: '.',
      },
      env: {type: 'object', additionalProperties: {type: 'string'}, description: 'Variables for the command.'},
      rpc: {
        type: 'array',
        minItems: 1,
        items: object({method, params}, ['method']),
        description: 'Calls to the chain, one after the other, after the command.',
      },
      until: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        additionalProperties: false,
        description: 'What is waited for after that. Who is asked need not be there yet.',
        properties: {
          graphql: object({url: text, query: text, variables: {type: 'object'}, ...expectation}, ['url', 'query']),
          rpc: object({url: {...text, description: 'Left out: `ethereum_url`.'}, method, params, ...expectation}, [
            'method',
          ]),
        },
      },
      mine: object(
        {
          url: {...text, description: 'Left out: `ethereum_url`.'},
          blocks_per_poll: {
            type: 'integer',
            minimum: 1,
            maximum: 250,
            default: 1,
            description: 'How many blocks each time.',
          },
          interval_secs: {type: 'integer', minimum: 1, description: 'Seconds between their timestamps.'},
        },
        [],
      ),
      poll_secs: {type: 'number', exclusiveMinimum: 0, default: 1, description: 'Seconds between two questions.'},
      timeout_secs: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 60,
        description: 'How long it is waited for `until`.',
      },
    },
    ['ethereum_url'],
  ),
  anyOf: [{required: ['command']}, {required: ['rpc']}, {required: ['until']}],
}
