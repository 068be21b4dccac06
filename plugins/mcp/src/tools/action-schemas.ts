import type {JsonObject, JsonSchema} from '@service-harness/cli/plugin'
import type {Arguments, ObjectSchema} from './tool.js'

export interface ActionInput {
  readonly schema: ObjectSchema
  /** The input in what the agent gives. */
  of(args: Arguments): unknown
}

/** What an action takes as what a tool takes: an input that may be something else than an object lies under `input`. */
export function actionInput(input: JsonSchema<unknown>): ActionInput {
  const schema = withoutIdentity(input)
  if (schema['type'] === 'object') return {schema: schema as ObjectSchema, of: (args) => args}
  const {$defs, definitions, ...own} = schema
  // It takes anything: an object as well.
  if (Object.keys(own).every((key) => annotations.has(key))) {
    return {schema: {...own, type: 'object'}, of: (args) => args}
  }
  return {
    schema: {
      type: 'object',
      properties: {input: own as JsonObject},
      required: ['input'],
      ...($defs !== undefined && {$defs}),
      ...(definitions !== undefined && {definitions}),
    },
    of: (args) => args['input'],
  }
}

/** What an action answers, where that is an object. */
export function actionOutput(output: JsonSchema<unknown>): ObjectSchema | undefined {
  return output['type'] === 'object' ? (withoutIdentity(output) as ObjectSchema) : undefined
}

const annotations: ReadonlySet<string> = new Set(['title', 'description', 'examples', 'default', '$comment'])

/** Two tools may have the same schema, which must not be two schemas of the same name for the agent's validator. */
function withoutIdentity(schema: JsonSchema<unknown>): JsonSchema<unknown> {
  const {$id: _id, $schema: _dialect, ...rest} = schema
  return rest
}
