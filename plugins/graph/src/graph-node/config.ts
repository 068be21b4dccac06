import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

export interface GraphNodeConfig {
  /** Where the database is, with login and password. */
  readonly postgres?: string
  /** The RPC of IPFS. */
  readonly ipfs?: string
  /** The RPC of each network, by the name that manifests call it. */
  readonly ethereum?: Readonly<Record<string, string>>
  /** Where the program comes from. @default auto */
  readonly from?: 'auto' | 'docker' | 'gnd'
  /** The program `gnd`. */
  readonly binary?: string
  /** For `from: docker`. */
  readonly image?: string
  /** How much it prints. @default info */
  readonly log_level?: 'debug' | 'error' | 'info' | 'trace' | 'warn'
  /** Milliseconds between two looks at the chain. @default 500 */
  readonly polling_interval?: number
}

export const configSchema: JsonSchema<GraphNodeConfig> = object(
  {
    postgres: {
      type: 'string',
      minLength: 1,
      default: 'postgresql://graph-node:let-me-in@${postgres.host}:${postgres.port}/graph-node',
      description: 'Where the database is, with login and password.',
    },
    ipfs: {type: 'string', minLength: 1, default: '${ipfs.url}', description: 'The URL of the RPC of IPFS.'},
    ethereum: {
      type: 'object',
      minProperties: 1,
      propertyNames: {pattern: '^[^:\\s]+$'},
      additionalProperties: {type: 'string', minLength: 1},
      default: {hardhat: '${anvil.url}'},
      description:
        'The URL of the RPC of each network, by the name that stands as `network` in the manifests of subgraphs.',
    },
    from: {
      enum: ['auto', 'docker', 'gnd'],
      default: 'auto',
      description:
        'Where the program comes from. `gnd`: the package @graphprotocol/gnd-linux-x64 of npm, or PATH. `docker`: the image. `auto`: gnd.',
    },
    binary: {type: 'string', minLength: 1, description: 'The program gnd: a name in PATH, or a path.'},
    image: {
      type: 'string',
      minLength: 1,
      default: 'graphprotocol/graph-node:v0.37.0',
      description: 'The image, for `from: docker`.',
    },
    log_level: {
      enum: ['error', 'warn', 'info', 'debug', 'trace'],
      default: 'info',
      description: 'How much it prints. `GRAPH_LOG` in `env` wins.',
    },
    polling_interval: {
      type: 'integer',
      minimum: 10,
      default: 500,
      description: 'Milliseconds between two looks at the chain. `ETHEREUM_POLLING_INTERVAL` in `env` wins.',
    },
  },
  [],
)

/** The network that a stack file speaks of when it names none. */
export const defaultNetwork = 'hardhat'

/** `archive,traces:http://…`: what a provider can do may stand before its URL. */
export function urlOfProvider(provider: string): string {
  return provider.replace(/^[a-z_,]+:(?=https?:\/\/)/, '')
}
