import type {JsonSchema} from '../../base/json.js'

/** What `target: {type: process-attach}` takes: exactly one of them. */
export type AttachSpec = {readonly pid: number} | {readonly pid_file: string} | {readonly process_name: string}

export const attachSpecSchema: JsonSchema<AttachSpec> = {
  type: 'object',
  description: 'A process of this machine that runs already. Harness watches it and never ends it.',
  properties: {
    pid: {type: 'integer', minimum: 1, description: 'Its number.'},
    pid_file: {
      type: 'string',
      minLength: 1,
      description: 'A file that holds its number. A relative path starts from the folder of the stack file.',
    },
    process_name: {
      type: 'string',
      minLength: 1,
      description: 'The name of its program, without folders. Exactly one process must have it.',
    },
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}
