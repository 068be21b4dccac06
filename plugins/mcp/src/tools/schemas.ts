import type {JsonObject, JsonSchema, ProtocolTables} from '@service-harness/cli/plugin'
import type {ObjectSchema} from './tool.js'

type Schema = JsonSchema<unknown>
type Properties = Readonly<Record<string, JsonObject>>

export interface InputChanges {
  /** Parameters that the tool fills in. */
  readonly without: readonly string[]
  /** Parameters that the agent need not give, with what they are then. */
  readonly defaults?: Readonly<Record<string, boolean | number | string | readonly string[]>>
  /** What the agent reads of them. */
  readonly about?: Readonly<Record<string, string>>
  /** Beside those of the method. */
  readonly more?: Properties
}

/** The parameters of a method as what a tool takes. */
export function inputSchema(
  params: Schema,
  {without, defaults = {}, about = {}, more = {}}: InputChanges,
  {$defs}: ProtocolTables,
): ObjectSchema {
  const given = (params['properties'] ?? {}) as Properties
  const kept = Object.entries(given).filter(([name]) => !without.includes(name))
  const properties = Object.fromEntries(
    kept.map(([name, schema]) => [
      name,
      {
        ...schema,
        ...(about[name] !== undefined && {description: about[name]}),
        ...(defaults[name] !== undefined && {default: defaults[name]}),
      },
    ]),
  )
  const required = ((params['required'] ?? []) as readonly string[]).filter(
    (name) => name in properties && !(name in defaults),
  )
  const schema = {type: 'object', properties: {...properties, ...more}, required, additionalProperties: false} as const
  return withShapes(schema, $defs) as ObjectSchema
}

/** The result of a method as what a tool answers. A newer daemon may answer more: that is no mistake. */
export function outputSchema(result: Schema, {$defs}: ProtocolTables): ObjectSchema {
  const {$ref} = result
  const shape = typeof $ref === 'string' ? $defs[nameOf($ref)] : result
  return openEnded(withShapes({...shape, type: 'object'}, $defs)) as ObjectSchema
}

/** The schema with the shapes that it names, and those that they name. */
function withShapes(schema: Schema, $defs: ProtocolTables['$defs']): Schema {
  const names = new Set<string>()
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    const {$ref} = part as {readonly $ref?: unknown}
    if (typeof $ref === 'string' && !names.has(nameOf($ref))) {
      names.add(nameOf($ref))
      collect($defs[nameOf($ref)])
    }
    Object.values(part).forEach(collect)
  }
  collect(schema)
  if (names.size === 0) return schema
  return {...schema, $defs: Object.fromEntries([...names].map((name) => [name, $defs[name]]))}
}

function nameOf(reference: string): string {
  return reference.replace('#/$defs/', '')
}

function openEnded(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(openEnded)
  if (typeof part !== 'object' || part === null) return part
  const kept = Object.entries(part).filter(([key, value]) => key !== 'additionalProperties' || value !== false)
  return Object.fromEntries(kept.map(([key, value]) => [key, openEnded(value)]))
}
