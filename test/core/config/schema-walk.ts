import {Validator} from '@cfworker/json-schema'
import type {Json} from '../../../src/core/base/json.js'
import {isJsonObject, type JsonObject} from '../../../src/core/base/json.js'

/** A map of a stack file, and the definition of the schema that stands for it. */
export interface FoundMap {
  /** The key under `$defs`, without `-part`; `stack` at the top. */
  readonly definition: string
  readonly path: readonly (number | string)[]
  readonly keys: readonly string[]
}

/** Preparing one takes far longer than using it. */
const validators = new WeakMap<JsonObject, Validator>()

/** With a validator that shares no code with ours. */
export function accepts(schema: JsonObject, value: Json): boolean {
  const validator = validators.get(schema) ?? new Validator(schema, '2020-12')
  validators.set(schema, validator)
  return validator.validate(value).valid
}

export function complaints(schema: JsonObject, value: Json): readonly string[] {
  const {errors} = new Validator(schema, '2020-12', false).validate(value)
  return errors.map(({instanceLocation, error}) => `${instanceLocation}: ${error}`)
}

/** Every map of a value that a definition of the schema stands for. */
export function mapsIn(schema: JsonObject, value: Json): readonly FoundMap[] {
  const found: FoundMap[] = []
  const definitions = schema['$defs'] as JsonObject
  const add = (definition: string, map: JsonObject, path: FoundMap['path']): void => {
    found.push({definition: definition.replace(/-part$/, ''), path, keys: Object.keys(map)})
  }
  const visit = (part: Json | undefined, at: Json, path: FoundMap['path']): void => {
    if (!isJsonObject(part)) return
    const reference = part['$ref']
    if (typeof reference === 'string') {
      const name = reference.slice('#/$defs/'.length)
      if (isJsonObject(at)) add(name, at, path)
      visit(definitions[name], at, path)
    }
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      for (const branch of (part[keyword] as readonly JsonObject[] | undefined) ?? []) visit(branch, at, path)
    }
    if (part['if'] !== undefined) {
      // Conditions refer to nothing.
      const fits = accepts(part['if'] as JsonObject, at)
      visit(part[fits ? 'then' : 'else'], at, path)
    }
    for (const [key, inner, under] of childrenOf(part, at)) visit(under, inner, [...path, key])
  }
  if (isJsonObject(value)) add('stack', value, [])
  visit(schema, value, [])
  return found.filter((map, index) => index === found.findIndex((other) => sameMap(map, other)))
}

function childrenOf(schema: JsonObject, value: Json): readonly (readonly [number | string, Json, Json | undefined])[] {
  if (Array.isArray(value)) return value.map((item: Json, index) => [index, item, schema['items']] as const)
  if (!isJsonObject(value)) return []
  const properties = schema['properties']
  return Object.entries(value).map(([key, inner]) => {
    const own = isJsonObject(properties) ? properties[key] : undefined
    return [key, inner, own ?? (key.startsWith('x-') ? undefined : schema['additionalProperties'])] as const
  })
}

function sameMap(one: FoundMap, other: FoundMap): boolean {
  return one.definition === other.definition && one.path.join('/') === other.path.join('/')
}

/** The value with one more key in the map at this path. */
export function withKey(value: Json, path: FoundMap['path'], key: string): Json {
  const [first, ...rest] = path
  if (first === undefined) return isJsonObject(value) ? {...value, [key]: 1} : value
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => (index === first ? withKey(item, rest, key) : item))
  }
  return isJsonObject(value) ? {...value, [first]: withKey(value[String(first)] ?? null, rest, key)} : value
}
