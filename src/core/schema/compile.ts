import {Ajv2020, type ErrorObject} from 'ajv/dist/2020.js'
import {isTimeWithZone} from '../base/clock.js'
import type {JsonSchema} from '../base/json.js'

/** One way in which a value does not fit its schema. */
export interface SchemaProblem {
  /** JSON pointer to the offending place; for an unknown or missing key, to the object that should (not) have it. */
  readonly pointer: string
  readonly kind: 'missing' | 'unknown' | 'value'
  /** The unknown or missing key. */
  readonly key?: string
  /** Keys that would have been accepted beside it. */
  readonly known?: readonly string[]
  /** What was expected, e.g. `must be integer`. */
  readonly expected: string
  /** The value, where it is a text of which others were expected. */
  readonly found?: string
}

/** Answers the problems of a value; none when it fits. */
export type Check = (value: unknown) => readonly SchemaProblem[]

/** One for all. Schemas are not checked against the meta-schema: compiling that takes most of a second. */
let ajv: Ajv2020 | undefined

/**
 * Compiles a JSON Schema (2020-12) once. Loads ajv, so import this module lazily from commands.
 * `defs` are shared shapes that `$ref: '#/$defs/NAME'` may name. Throws when the schema itself is wrong.
 */
export function compileSchema<Value>(schema: JsonSchema<Value>, defs: Readonly<Record<string, unknown>> = {}): Check {
  ajv ??= newAjv()
  const validate = ajv.compile(Object.keys(defs).length === 0 ? schema : {...schema, $defs: defs})
  return (value) => {
    if (validate(value)) return []
    const errors = validate.errors ?? []
    return errors.filter((error) => !isSummary(error, errors)).map(toProblem)
  }
}

function newAjv(): Ajv2020 {
  const formats = {'date-time': isTimeWithZone}
  return new Ajv2020({allErrors: true, strict: false, verbose: true, validateSchema: false, formats})
}

/** `anyOf` and `oneOf` repeat what their branches said; the branches say it better when they reach deeper. `if` says only that its branch did not fit. */
function isSummary(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword === 'if') return true
  if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') return false
  return all.some((other) => other !== error && other.schemaPath.startsWith(error.schemaPath))
}

function toProblem(error: ErrorObject): SchemaProblem {
  const params = error.params as Readonly<Record<string, unknown>>
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = String(params['additionalProperty'] ?? params['unevaluatedProperty'])
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object)
    return {pointer: error.instancePath, kind: 'unknown', key, known, expected: `no key '${key}'`}
  }
  const isMissing = error.keyword === 'required' || error.keyword === 'dependentRequired'
  if (isMissing && ownMessage(error) === undefined) {
    const key = String(params['missingProperty'])
    return {pointer: error.instancePath, kind: 'missing', key, expected: `a key '${key}'`}
  }
  const isChoice = error.keyword === 'enum' || error.keyword === 'format'
  const found = isChoice && typeof error.data === 'string' ? {found: error.data} : {}
  return {pointer: error.instancePath, kind: 'value', expected: expectation(error, params), ...found}
}

/** What the schema itself says of a value that does not fit: the word that editors know too. */
function ownMessage({parentSchema}: ErrorObject): string | undefined {
  const message: unknown = parentSchema?.['errorMessage']
  return typeof message === 'string' ? message : undefined
}

function expectation(error: ErrorObject, params: Readonly<Record<string, unknown>>): string {
  const own = ownMessage(error)
  if (own !== undefined) return own
  if (error.keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).map(String).join(', ')}`
  if (error.keyword === 'format' && params['format'] === 'date-time') {
    return 'must be a time with its zone, like 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00'
  }
  if (error.keyword === 'const') return `must be ${String(params['allowedValue'])}`
  return error.message ?? 'must fit its schema'
}
