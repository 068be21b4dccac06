import type {Json} from '../../../src/core/base/json.js'
import {definitions} from '../../../src/core/protocol/definitions.js'

interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly Json[]
  readonly const?: Json
  readonly type?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A small value that fits a schema of the protocol; with another number another one, where the schema has room for it. */
export function exampleOf(schema: object, variant = 0): Json {
  const {$ref, anyOf, enum: values, const: constant, ...rest} = schema as Schema
  if ($ref !== undefined) return exampleOf(definitions[$ref.replace('#/$defs/', '')] ?? {}, variant)
  if (anyOf) return exampleOf(anyOf[0] ?? {}, variant)
  if (values) return values[Math.min(variant, values.length - 1)] ?? null
  if (constant !== undefined) return constant
  return ofType(rest, variant)
}

function ofType(
  {type, pattern, minimum = 0, minItems = 0, items = {}, properties = {}, required = []}: Schema,
  variant: number,
): Json {
  switch (type) {
    case 'string':
      return textLike(pattern, variant)
    case 'integer':
    case 'number':
      return minimum + variant
    case 'boolean':
      return variant === 1
    case 'array':
      return Array.from({length: minItems}, () => exampleOf(items, variant))
    case 'object':
      return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, variant)]))
    default:
      return variant
  }
}

function textLike(pattern = '', variant: number): string {
  if (pattern.startsWith('^SIG')) return variant === 0 ? 'SIGHUP' : 'SIGUSR1'
  return pattern.startsWith('^/') ? `/path${variant}` : `text${variant}`
}
