import {object} from '../shared/object-schema.js'

/** `config` of `service_type: anvil`. */
export interface AnvilConfig {
  readonly chain_id?: number
  readonly mnemonic?: string
  readonly accounts?: number
  readonly balance?: number
  readonly block_time?: number
  readonly base_fee?: number
  readonly gas_limit?: number
  readonly hardfork?: string
  readonly fork?: ForkConfig
  readonly state?: string
  readonly args?: readonly string[]
  readonly from?: 'auto' | 'docker' | 'local'
  readonly binary?: string
  readonly image?: string
}

interface ForkConfig {
  readonly url: string
  readonly block_number?: number
}

const text = {type: 'string', minLength: 1} as const

const fork = object<ForkConfig>(
  {
    url: {
      ...text,
      description:
        "RPC URL of the chain to fork. May hold a secret, `${secret.NAME}`: it stands in Anvil's environment, not in its command line.",
    },
    block_number: {type: 'integer', minimum: 0, description: 'The block to begin at. Left out: the latest one.'},
  },
  ['url'],
)

export const configSchema = object<AnvilConfig>(
  {
    chain_id: {
      type: 'integer',
      minimum: 1,
      description: 'The chain ID. Left out: 31337, or that of the forked chain.',
    },
    mnemonic: {
      ...text,
      description:
        "BIP-39 mnemonic of the accounts. Left out: Anvil's well-known `test test … junk`. Anvil takes it in its command line only, where other users of the machine can read it, and prints it: none that holds real funds.",
    },
    accounts: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      description: 'How many accounts are unlocked and funded. Left out: 10.',
    },
    balance: {type: 'integer', minimum: 0, description: 'What each of them has, in ether. Left out: 10000.'},
    block_time: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'Seconds between blocks. Left out: a block is mined for each transaction.',
    },
    base_fee: {type: 'integer', minimum: 0, description: 'The base fee of the first block, in wei.'},
    gas_limit: {type: 'integer', minimum: 1, description: 'The gas limit of a block.'},
    hardfork: {...text, description: 'The rules of the EVM, such as `cancun` or `prague`. Left out: the latest.'},
    fork: {...fork, description: 'Begin as a copy of another chain.'},
    state: {
      ...text,
      description:
        'A file that keeps the chain: read at the start, written each 30 seconds and at the stop. A relative path starts at the folder of the stack file; for `docker` its folder must exist. Left out: each start is a new chain.',
    },
    args: {type: 'array', items: {type: 'string'}, description: 'Further arguments of `anvil`.'},
    from: {
      enum: ['auto', 'docker', 'local'],
      default: 'auto',
      description:
        'Where Anvil comes from. `local`: a program of this machine. `docker`: an image. `auto`: `docker` where `image` is given, else `local`.',
    },
    binary: {
      ...text,
      description:
        "The program, for `local`: a name in PATH, or a path. Left out: that of npm's `@foundry-rs/anvil` in the folder of the stack file, `anvil` in PATH, then the one that came with this plugin.",
    },
    image: {...text, description: 'The image, for `docker`. Left out: `ghcr.io/foundry-rs/foundry:latest`.'},
  },
  [],
)
