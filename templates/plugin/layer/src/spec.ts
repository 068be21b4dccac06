import type {JsonSchema} from '@service-harness/cli/plugin'

/** What the layer is told of each command. */
export interface Spec {
  /** How far it steps back behind other programs, from 0 to 19. */
  readonly niceness: number
}

export const specSchema: JsonSchema<Spec> = {
  type: 'object',
  description: 'Lets other programs go first.',
  required: ['niceness'],
  properties: {
    niceness: {type: 'integer', minimum: 0, maximum: 19, description: 'How far it steps back, from 0 to 19.'},
  },
  additionalProperties: false,
}
