import type {JsonSchema} from '@service-harness/cli/plugin'

/** What others read as `${TASK.outputs.passed}`. */
export interface Output {
  readonly passed: number
  readonly failed: number
}

export const outputSchema: JsonSchema<Output> = {
  type: 'object',
  required: ['passed', 'failed'],
  properties: {passed: {type: 'integer', minimum: 0}, failed: {type: 'integer', minimum: 0}},
  additionalProperties: false,
}
