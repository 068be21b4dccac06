import type {JsonSchema} from '@service-harness/cli/plugin'
import type {HostFields} from '../address/host-fields.js'
import {forwardProperty, hostProperties} from '../remote/host-schema.js'

/** What `target: {type: remote-attach}` takes, or `remote` with `attach`: a machine, and exactly one way to name a process there. */
export type AttachSpec = HostFields & {readonly forward?: 'auto' | 'never'} & (
    {readonly pid: number} | {readonly pid_file: string} | {readonly process_name: string}
  )

export const attachSpecSchema = {
  type: 'object',
  description: 'A process of another machine that runs already. Harness watches it and never ends it.',
  required: ['host'],
  properties: {
    ...hostProperties,
    pid: {type: 'integer', minimum: 1, description: 'Its number there.'},
    pid_file: {
      type: 'string',
      minLength: 1,
      description: 'A file there that holds its number. A relative path starts from the home folder.',
    },
    process_name: {
      type: 'string',
      minLength: 1,
      description: 'The name of its program, without folders. Exactly one process there must have it.',
    },
    ...forwardProperty,
  },
  oneOf: [{required: ['pid']}, {required: ['pid_file']}, {required: ['process_name']}],
  additionalProperties: false,
} as unknown as JsonSchema<AttachSpec>
