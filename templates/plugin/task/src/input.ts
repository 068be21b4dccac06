import type {JsonSchema} from '@service-harness/cli/plugin'

/** What `config` of a task takes in a stack file. */
export interface Input {
  /** How many tests may fail. @default 0 */
  readonly tolerate?: number
}

export const inputSchema: JsonSchema<Input> = {
  type: 'object',
  properties: {
    tolerate: {type: 'integer', minimum: 0, default: 0, description: 'How many tests may fail.'},
  },
  additionalProperties: false,
}
