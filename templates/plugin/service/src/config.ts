import type {JsonSchema} from '@service-harness/cli/plugin'

/** What `config` of a service takes in a stack file. */
export interface Config {
  /** Where it listens. Most stack files say `${NAME.port}`: in `defaults` it is that text, which is filled in when the service starts. */
  readonly port: number
  /** What the setup keeps under `greeting`. @default 'hello' */
  readonly greeting?: string
}

export const configSchema: JsonSchema<Config> = {
  type: 'object',
  required: ['port'],
  properties: {
    port: {type: 'integer', minimum: 1, maximum: 65535, description: 'Where it listens: ${NAME.port}.'},
    greeting: {type: 'string', minLength: 1, default: 'hello', description: "What is kept under 'greeting'."},
  },
  additionalProperties: false,
}
