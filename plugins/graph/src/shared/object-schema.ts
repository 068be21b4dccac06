import type {JsonSchema} from '@service-harness/cli/plugin'

/** An object with these fields and no other. @param required all of them, where it is left out */
export function object<T>(
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema<T> {
  return {type: 'object', properties, required: [...required], additionalProperties: false}
}
