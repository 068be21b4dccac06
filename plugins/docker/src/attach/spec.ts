import type {JsonSchema} from '@service-harness/cli/plugin'

/** What `target: {type: docker-attach}` takes: exactly one of them. */
export type AttachSpec = {readonly container: string} | {readonly label: string}

export const attachSpecSchema: JsonSchema<AttachSpec> = {
  type: 'object',
  description: 'A container that runs already. Harness watches it and never ends it.',
  properties: {
    container: {type: 'string', minLength: 1, description: 'Its name or id.'},
    label: {
      type: 'string',
      pattern: '^[^=]',
      description: 'A label of it: `KEY`, or `KEY=VALUE`. Exactly one container that runs must have it.',
    },
  },
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
}
