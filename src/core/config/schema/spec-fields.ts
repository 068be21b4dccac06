import {exactlyOneOf} from '../keys/rules.js'
import type {Schema} from '../keys/shapes.js'
import {isSchema} from './borrow-schema.js'

/** What counts or limits the keys of a map does not hold where other keys stand beside them. */
const closing = new Set([
  'additionalProperties',
  'description',
  'maxProperties',
  'minProperties',
  'propertyNames',
  'title',
  'type',
  'unevaluatedProperties',
])

const listed = ['allOf', 'anyOf', 'oneOf'] as const
const single = ['if', 'then', 'else'] as const

interface Beside {
  /** Keys of the map that are not the type's. */
  readonly keys: readonly string[]
  /** Nothing is required, and no rule between the keys holds: this is a part of something else. */
  readonly part: boolean
}

/** The schema of a map in which the fields of a plugin's type stand beside other keys. */
export function specFields(schema: Schema, resolve: (reference: string) => unknown, {keys, part}: Beside): Schema {
  const all = propertiesOf(schema, resolve)
  const others = Object.fromEntries(keys.map((key) => [key, true]))
  const patterns = isSchema(schema['patternProperties']) ? schema['patternProperties'] : {}
  const rules = part
    ? {}
    : {...withoutKeys(opened(schema), ['properties', 'patternProperties']), ...oneKeyOf(schema, all)}
  return {
    ...rules,
    properties: {...all, ...others},
    patternProperties: {...patterns, '^x-': true},
    additionalProperties: isClosed(schema) ? false : (schema['additionalProperties'] ?? true),
  }
}

/** All keys that the type may have, also under conditions. */
export function propertiesOf(schema: unknown, resolve: (reference: string) => unknown): Schema {
  if (!isSchema(schema)) return {}
  const {properties, $ref: reference} = schema
  const inner = [
    ...listed.flatMap((keyword) => (Array.isArray(schema[keyword]) ? (schema[keyword] as unknown[]) : [])),
    ...single.map((keyword) => schema[keyword]),
    ...Object.values(isSchema(schema['dependentSchemas']) ? schema['dependentSchemas'] : {}),
    ...(typeof reference === 'string' ? [resolve(reference)] : []),
  ]
  const conditional = inner.flatMap((each) => Object.keys(propertiesOf(each, resolve)))
  const own = isSchema(properties) ? properties : {}
  return {...Object.fromEntries(conditional.map((key) => [key, true])), ...own}
}

function isClosed(schema: Schema): boolean {
  return schema['additionalProperties'] === false || schema['unevaluatedProperties'] === false
}

/** Without what would refuse the keys beside it. */
function opened(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !closing.has(keyword) && keyword !== '$defs' && keyword !== 'definitions')
      .map(([keyword, value]) => [keyword, openedUnder(keyword, value)]),
  )
}

function openedUnder(keyword: string, value: unknown): unknown {
  if (listed.some((each) => each === keyword) && Array.isArray(value)) return value.map(openedAny)
  return single.some((each) => each === keyword) ? openedAny(value) : value
}

function openedAny(value: unknown): unknown {
  return isSchema(value) ? opened(value) : value
}

/** Exactly one key, however many others stand beside it. */
function oneKeyOf(schema: Schema, all: Schema): Schema {
  if (schema['minProperties'] !== 1 || schema['maxProperties'] !== 1) return {}
  return {
    allOf: [...((schema['allOf'] as Schema[] | undefined) ?? []).map(openedAny), ...exactlyOneOf(...Object.keys(all))],
  }
}

function withoutKeys(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)))
}
