import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../shared/object-schema.js'

export interface IpfsConfig {
  readonly from?: 'auto' | 'builtin' | 'docker' | 'kubo'
  readonly binary?: string
  readonly image?: string
  readonly online?: boolean
  readonly data?: string
}

/** Pinned: what a stack does today it does tomorrow. */
export const defaultImage = 'ipfs/kubo:v0.38.2'

const text = {type: 'string', minLength: 1} as const

export const configSchema: JsonSchema<IpfsConfig> = object<IpfsConfig>(
  {
    from: {
      enum: ['auto', 'docker', 'kubo', 'builtin'],
      default: 'auto',
      description:
        'What runs: `kubo`, from PATH or as `binary` says; `docker`, Kubo in a container; `builtin`, a small server of this plugin that speaks the part of Kubo’s RPC which The Graph’s programs use, with real CIDs and without a network. `auto` is `kubo` where there is one, else `builtin`.',
    },
    binary: {
      ...text,
      description: 'The `ipfs` program of Kubo: a path that starts at the folder of the stack, or a name.',
    },
    image: {...text, default: defaultImage, description: 'For `from: docker`.'},
    online: {
      type: 'boolean',
      default: false,
      description:
        'Whether Kubo takes part in the public network. Where it does not, what it does not have is said to be missing at once. The built-in server never does.',
    },
    data: {
      ...text,
      description:
        'A folder to keep everything in; starts at the folder of the stack. Left out: what was added is gone once the service is stopped.',
    },
  },
  [],
)
