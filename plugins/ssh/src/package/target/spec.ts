import type {JsonSchema} from '@service-harness/cli/plugin'
import type {HostFields} from '../../address/host-fields.js'
import {hostProperties} from '../../remote/host-schema.js'
import type {Script} from '../manifest.js'

/** What `target: {type: package}` takes. */
export interface PackageSpec extends HostFields {
  /** The file that `harness package build` made, from the folder of the stack file. */
  readonly package: string
  readonly version?: string
  readonly install_path?: string
  readonly pre_install?: Script
  readonly post_install?: Script
}

const script = (description: string) => ({
  type: ['string', 'array'],
  minLength: 1,
  minItems: 1,
  items: {type: 'string'},
  description,
})

const packageProperties = {
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

export const packageSpecSchema = {
  type: 'object',
  description: 'A program with all that belongs to it, installed on another machine over SSH.',
  required: ['host', 'package'],
  properties: {...hostProperties, ...packageProperties},
  additionalProperties: false,
} as unknown as JsonSchema<PackageSpec>
