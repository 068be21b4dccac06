import type {Schema} from '../keys/shapes.js'
import type {AnyTable, KeyEntry} from '../keys/table.js'

/** `part`: nothing is required, because it is laid over something that has it. */
export type Extent = 'part' | 'whole'

/** The schema of one map, out of its table. */
export function mapDefinition(table: AnyTable, extent: Extent): Schema {
  const entries = Object.entries(table.keys)
  const required = entries.flatMap(([key, entry]) => (entry.required && extent === 'whole' ? [key] : []))
  const rules = extent === 'whole' ? (table.rules ?? []).flat() : []
  return {
    type: ['object', 'null'],
    properties: Object.fromEntries(entries.map(([key, entry]) => [key, keySchema(entry, extent)])),
    patternProperties: {'^x-': true},
    additionalProperties: false,
    ...(required.length === 0 ? {} : {required}),
    ...(rules.length === 0 ? {} : {allOf: rules}),
  }
}

function keySchema(entry: KeyEntry, extent: Extent): Schema {
  const schema = extent === 'part' ? partly(entry.value.schema) : entry.value.schema
  return {
    description: plainText(entry.description),
    ...(entry.required && extent === 'whole' ? schema : orNothing(schema)),
    ...(entry.default === undefined ? {} : {default: entry.default}),
    examples: [entry.example, ...((schema['examples'] as readonly unknown[] | undefined) ?? [])],
  }
}

/** A key without a value counts as missing. */
export function orNothing(schema: Schema): Schema {
  const {type, anyOf} = schema
  if (typeof type === 'string') return {...schema, type: [type, 'null']}
  if (Array.isArray(type) && !type.includes('null')) return {...schema, type: [...(type as string[]), 'null']}
  return Array.isArray(anyOf) ? {...schema, anyOf: [...(anyOf as Schema[]), {type: 'null'}]} : schema
}

/** Maps in it are laid over others; the items of a list are not. */
function partly(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string') return [keyword, partOf(value)]
      if (keyword === 'anyOf' && Array.isArray(value)) return [keyword, (value as Schema[]).map(partly)]
      if (keyword === 'additionalProperties' && typeof value === 'object') return [keyword, partly(value as Schema)]
      return [keyword, value]
    }),
  )
}

function partOf(reference: string): string {
  return reference.endsWith('-part') || reference === '#/$defs/template' ? reference : `${reference}-part`
}

/** Editors show descriptions as they are: links lead nowhere there. */
export function plainText(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
}
