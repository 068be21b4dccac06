import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {name} from '../../graph-node/which.js'

/** What `config` of `task_type: subgraph-deploy` takes. */
export interface SubgraphInput {
  readonly name: string
  readonly path?: string
  readonly ipfs_hash?: string
  readonly service?: string
  readonly ipfs?: string
  readonly ethereum?: Readonly<Record<string, string>>
  readonly version_label?: string
  readonly build?: readonly string[]
  readonly wait?: 'none' | 'synced'
  readonly timeout_secs?: number
}

const text = {type: 'string', minLength: 1}

export const subgraphInput: JsonSchema<SubgraphInput> = {
  ...object<SubgraphInput>(
    {
      name,
      path: {
        ...text,
        description:
          'The folder of the subgraph, or its built manifest. Relative paths start at the folder of the stack file.',
      },
      ipfs_hash: {
        type: 'string',
        pattern: '^Qm[1-9A-HJ-NP-Za-km-z]{44}$',
        description: 'The manifest on IPFS, `Qm…`. Either this or `path`.',
      },
      service: {
        ...text,
        default: 'graph-node',
        description: 'The graph-node, as a service of the stack. The task depends on it.',
      },
      ipfs: {...text, default: '${ipfs.url}', description: 'The RPC of the IPFS that the files are uploaded to.'},
      ethereum: {
        type: 'object',
        additionalProperties: {type: 'string'},
        description:
          'The networks of the graph-node and their RPC, as in its own config: a manifest for another one is refused before it is uploaded.',
      },
      version_label: {...text, description: 'Such as `v0.0.1`, for people.'},
      build: {
        type: 'array',
        items: {type: 'string'},
        minItems: 1,
        description: 'A program and its arguments that build the subgraph, run in `path` each time.',
      },
      wait: {
        enum: ['none', 'synced'],
        default: 'none',
        description: 'Until when the task takes: until it is indexed up to the head of the chain, or not.',
      },
      timeout_secs: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 86_400,
        default: 60,
        description: 'How long to wait for that.',
      },
    },
    ['name'],
  ),
  oneOf: [{required: ['path']}, {required: ['ipfs_hash']}],
}
