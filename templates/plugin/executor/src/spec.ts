import type {JsonSchema} from '@service-harness/cli/plugin'

/** What stands beside `type: my-plugin` in a stack file. */
export interface Spec {
  readonly script: string
}

export const specSchema: JsonSchema<Spec> = {
  type: 'object',
  description: 'A shell script on this machine.',
  required: ['script'],
  properties: {
    script: {type: 'string', minLength: 1, description: 'What the shell runs, in the folder of the stack file.'},
  },
  additionalProperties: false,
}
