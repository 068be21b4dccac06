import type {JsonSchema} from '@service-harness/cli/plugin'
import type {HostFields} from '../address/host-fields.js'
import {forwardProperty, hostProperties} from './host-schema.js'

/** What `target: {type: remote}` takes. */
export interface RemoteSpec extends HostFields {
  readonly binary: string
  readonly args?: readonly string[]
  readonly working_dir?: string
  readonly stdin?: boolean
  readonly forward?: 'auto' | 'never'
}

export const remoteSpecSchema = {
  type: 'object',
  description: 'A program on another machine, over SSH.',
  required: ['host', 'binary'],
  properties: {
    ...hostProperties,
    binary: {
      type: 'string',
      minLength: 1,
      description: 'A name that is looked for in PATH there, or a path that starts from the working directory.',
    },
    args: {type: 'array', items: {type: 'string'}, default: [], description: 'Its arguments. No shell reads them.'},
    working_dir: {
      type: 'string',
      minLength: 1,
      default: '.',
      description: 'Where it runs. A relative path starts from the home folder there.',
    },
    stdin: {
      type: 'boolean',
      default: false,
      description:
        'Keep its standard input open for `harness attach`, which then types into it. Otherwise its input is empty. It never ends.',
    },
    ...forwardProperty,
  },
  additionalProperties: false,
} as unknown as JsonSchema<RemoteSpec>
