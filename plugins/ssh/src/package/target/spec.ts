import type {JsonSchema} from '@service-harness/cli/plugin'
import type {HostFields} from '../../address/host-fields.js'
import {forwardProperty, hostProperties} from '../../remote/host-schema.js'
import type {Script} from '../manifest.js'

/** What `target: {type: package}` takes. */
export interface PackageSpec extends HostFields {
  /** The file that `harness package build` made, from the folder of the stack file. */
  readonly package: string
  readonly version?: string
  readonly install_path?: string
  readonly pre_install?: Script
  readonly post_install?: Script
  readonly binary?: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly stdin?: boolean
  readonly forward?: 'auto' | 'never'
}

const script = (description: string) => ({
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: {type: 'string'},
  description,
})

/** The fields of a target that name what is installed. */
export const packageProperties = {
  package: {
    type: 'string',
    minLength: 1,
    description:
      'The file that `harness package build` made. A relative path starts from the folder of the stack file.',
  },
  version: {type: 'string', minLength: 1, description: 'The version that it must be. Without it any.'},
  install_path: {
    type: 'string',
    minLength: 1,
    description:
      'The folder of its versions there; a relative path starts from the home folder there. `~/.local/share/harness/packages/NAME` unless said otherwise.',
  },
  pre_install: script(
    'In place of that of the package: a line for the shell, or a program and its arguments, before the switch to a new version.',
  ),
  post_install: script('In place of that of the package: the same, after the switch and before the start.'),
} as const

const programProperties = {
  binary: {
    type: 'string',
    minLength: 1,
    description:
      'In place of what the package starts: a name of its `binaries`, a path in it, or a program of the machine.',
  },
  args: {type: 'array', items: {type: 'string'}, description: 'In place of those of the package. No shell reads them.'},
  working_dir: {type: 'string', minLength: 1, description: 'In place of that of the package, and in it.'},
  stdin: {
    type: 'boolean',
    default: false,
    description:
      'Keep its standard input open for `harness attach`, which then types into it. Otherwise its input is empty.',
  },
} as const

export const packageSpecSchema = {
  type: 'object',
  description: 'A program with all that belongs to it, installed on another machine over SSH.',
  required: ['host', 'package'],
  properties: {...hostProperties, ...packageProperties, ...programProperties, ...forwardProperty},
  additionalProperties: false,
} as unknown as JsonSchema<PackageSpec>
