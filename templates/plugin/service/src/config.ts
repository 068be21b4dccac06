import type {JsonSchema} from '@service-harness/cli/plugin'

/** What `config` of a service takes in a stack file. */
export interface Config {
  /** What the setup keeps under `greeting`. @default 'hello' */
  readonly greeting?: string
}

export const configSchema: JsonSchema<Config> = {
  type: 'object',
  properties: {
    greeting: {type: 'string', minLength: 1, default: 'hello', description: "What is kept under 'greeting'."},
  },
  additionalProperties: false,
}
