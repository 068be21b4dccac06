import {isJsonObject} from '../../base/json.js'
import {templatePattern, templateSchema, type Schema} from '../keys/shapes.js'

/** Keywords by what stands under them. */
const schemaUnder = new Set([
  'additionalProperties',
  'else',
  'items',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])
const schemasUnder = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const schemaMapUnder = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'])

/** Conditions keep their meaning: a template in there would fit every one of them. */
const conditions = new Set(['contains', 'if', 'not', 'propertyNames'])

/** What names a schema of its own, or is a promise to the compiler. */
const dropped = new Set(['$anchor', '$dynamicAnchor', '$dynamicRef', '$id', '$schema', '__accepts'])

const annotations = ['title', 'description', 'default', 'examples', 'deprecated']

/**
 * A plugin's schema as a part of another: references inside it lead to `home`, where the whole of it is kept, and wherever it wants a
 * number, a boolean or a certain text, a text with `${…}` in it may stand as well.
 */
export function borrowSchema(schema: unknown, home: string): unknown {
  return copy(schema, {home, relaxed: true})
}

interface Copy {
  readonly home: string
  readonly relaxed: boolean
}

function copy(schema: unknown, options: Copy): unknown {
  if (!isSchema(schema)) return schema
  const copied = Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) => {
      if (dropped.has(keyword)) return []
      if (keyword === '$ref') return rebase(value, options.home)
      return [[keyword, copyUnder(keyword, value, options)]]
    }),
  )
  return options.relaxed ? relax(copied) : copied
}

function copyUnder(keyword: string, value: unknown, options: Copy): unknown {
  if (conditions.has(keyword)) return copy(value, {...options, relaxed: false})
  if (schemaUnder.has(keyword)) return copy(value, options)
  if (schemasUnder.has(keyword) && Array.isArray(value)) return value.map((each) => copy(each, options))
  if (!schemaMapUnder.has(keyword) || !isSchema(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each, options)]))
}

/** A reference to somewhere else cannot be followed from here: it says nothing then. */
function rebase(reference: unknown, home: string): [string, unknown][] {
  const isLocal = typeof reference === 'string' && (reference === '#' || reference.startsWith('#/'))
  return isLocal ? [['$ref', `${home}${reference.slice(1)}`]] : []
}

function relax(schema: Schema): Schema {
  const {type} = schema
  if (
    isOneOf(type, ['boolean', 'integer', 'number']) &&
    schema['enum'] === undefined &&
    schema['const'] === undefined
  ) {
    return {...schema, type: [type, 'string'], pattern: templatePattern}
  }
  const isText = type === undefined || type === 'string'
  const isNarrow = ['enum', 'format', 'maxLength', 'pattern'].some((keyword) => schema[keyword] !== undefined)
  if (!isNarrow || !(isText || isScalarEnum(schema))) return schema
  const notes = Object.entries(schema).filter(([keyword]) => annotations.includes(keyword))
  const limits = Object.entries(schema).filter(([keyword]) => !annotations.includes(keyword))
  return {...Object.fromEntries(notes), anyOf: [Object.fromEntries(limits), templateSchema]}
}

function isScalarEnum(schema: Schema): boolean {
  const values = schema['enum']
  return Array.isArray(values) && values.every((value) => typeof value !== 'object')
}

function isOneOf(value: unknown, all: readonly string[]): value is string {
  return typeof value === 'string' && all.includes(value)
}

export function isSchema(value: unknown): value is Schema {
  return isJsonObject(value)
}
