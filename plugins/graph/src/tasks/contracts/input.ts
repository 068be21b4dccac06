import type {JsonSchema} from '@service-harness/cli/plugin'

/** A tool that deploys contracts. */
export type ToolName = 'command' | 'forge' | 'hardhat-deploy' | 'ignition'

/** Both spellings mean the same. */
const kinds = {
  DeployAll: 'deploy-all',
  'deploy-all': 'deploy-all',
  DeployContract: 'deploy-contract',
  'deploy-contract': 'deploy-contract',
  VerifyDeployment: 'verify-deployment',
  'verify-deployment': 'verify-deployment',
} as const

/** What `action` of `task_type: graph-contracts` takes. */
export interface ContractsInput {
  readonly type: keyof typeof kinds
  readonly ethereum_url: string
  readonly working_dir?: string
  readonly tool?: ToolName | 'auto'
  readonly command?: readonly string[]
  readonly script?: string
  readonly network?: string
  readonly contract?: string
  readonly args?: readonly string[]
  readonly contracts?: readonly string[]
  readonly address_book?: string
  readonly address_files?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export function kindOf({type}: ContractsInput): (typeof kinds)[keyof typeof kinds] {
  return kinds[type]
}

const text = {type: 'string', minLength: 1}
const deploys = {properties: {type: {enum: ['DeployAll', 'deploy-all', 'DeployContract', 'deploy-contract']}}}
const deploysOne = {properties: {type: {enum: ['DeployContract', 'deploy-contract']}}}
const byCommand = {properties: {tool: {const: 'command'}}, required: ['tool']}

export const contractsInput: JsonSchema<ContractsInput> = {
  type: 'object',
  properties: {
    type: {
      enum: Object.keys(kinds),
      description:
        'What to do: deploy all that the project deploys; deploy one contract of it; or look whether contracts that were deployed are on the chain.',
    },
    ethereum_url: {
      ...text,
      description:
        'JSON-RPC of the chain, such as `${anvil.url}`. The tool is given it as ETHEREUM_URL, ETH_RPC_URL and RPC_URL.',
    },
    working_dir: {...text, description: "The project's folder. Relative paths start at the folder of the stack file."},
    tool: {
      enum: ['auto', 'hardhat-deploy', 'ignition', 'forge', 'command'],
      default: 'auto',
      description:
        'What deploys. `auto`: told by the files of working_dir: hardhat.config.* with deploy/ or ignition/, foundry.toml, a `deploy` script in package.json.',
    },
    command: {
      type: 'array',
      items: {type: 'string'},
      minItems: 1,
      description:
        'A program and its arguments that deploy. Its name is looked for in node_modules/.bin, then in PATH.',
    },
    script: {
      ...text,
      description:
        'The script of forge, or the module of Ignition, in working_dir. Left out: the only one that there is.',
    },
    network: {...text, description: "The network's name in the configuration of Hardhat.", default: 'localhost'},
    contract: {
      ...text,
      description: 'The contract to deploy: a tag of hardhat-deploy, a module of Ignition, NAME or PATH:NAME of forge.',
    },
    args: {type: 'array', items: {type: 'string'}, description: 'Arguments of the constructor, for forge.'},
    contracts: {
      type: 'array',
      items: text,
      minItems: 1,
      description: 'Names that must be there in the end. Left out: whatever is found.',
    },
    address_book: {
      ...text,
      description:
        "File that addresses are written to, by chain id and name. Left out: one in harness's own state, so that nothing is left in the folder of the stack.",
    },
    address_files: {
      type: 'array',
      items: text,
      description:
        'Files that the command itself writes addresses to, in working_dir: by chain id, as exported by hardhat-deploy, or by name.',
    },
    env: {type: 'object', additionalProperties: {type: 'string'}, description: 'Variables for the tool.'},
  },
  required: ['type', 'ethereum_url'],
  additionalProperties: false,
  allOf: [
    {if: deploys, then: {required: ['working_dir']}},
    {if: deploysOne, then: {required: ['contract']}},
    {if: byCommand, then: {required: ['command']}},
  ],
}
