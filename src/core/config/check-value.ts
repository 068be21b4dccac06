import {isJsonObject, type Json, type JsonSchema} from '../base/json.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import {compileSchema, type SchemaProblem} from '../schema/compile.js'
import {convertTexts} from './convert-texts.js'
import {joinPath} from './node.js'
import {suggestKey} from './other-names.js'
import {pointerKeys, pointerTo} from './reading.js'
import {didYouMean} from './suggest.js'
import {referencesOf, resolveDeep} from './template.js'

/** Where a value stands and whose it is. */
export interface ValueOwner {
  readonly pointer: string
  readonly path: string
  /** `a process service`, `task type 'x'`: who knows the keys. */
  readonly owner: string
  /** Keys that stand beside the value's in the file. */
  readonly alsoKnown?: readonly string[]
}

/** Checks a value with templates inside: what holds a reference is only known once it is filled in, and is then checked again. */
export function checkValue<Value>(schema: JsonSchema<Value>, value: Json, owner: ValueOwner): Diagnostic[] {
  const check = compileSchema(schema)
  const plain = convertTexts(
    check,
    resolveDeep(value, (reference) => `\${${reference.text}}`),
  )
  return check(plain)
    .filter((problem) => !(problem.kind === 'value' && holdsReference(valueAt(value, problem.pointer))))
    .map((problem) => describe(problem, plain, owner))
}

function describe(problem: SchemaProblem, value: Json, owner: ValueOwner): Diagnostic {
  const path = pathOf(value, problem.pointer, owner.path)
  const pointer = `${owner.pointer}${problem.pointer}`
  if (problem.kind === 'unknown' && problem.key !== undefined) return unknownKey(problem, problem.key, path, owner)
  if (problem.kind === 'missing' && problem.key !== undefined) {
    const of = problem.pointer === '' ? ` (${owner.owner})` : ''
    return {severity: 'error', code: 'CONFIG_MISSING_KEY', message: `${path} needs '${problem.key}'${of}.`, pointer}
  }
  const got = valueAt(value, problem.pointer)
  const message = `${path} ${inWords(problem.expected)}, got ${describeJson(got)}.`
  const suggestion = adviceFor(problem.expected, got)
  return {
    severity: 'error',
    code: 'CONFIG_INVALID_VALUE',
    message,
    pointer,
    ...(suggestion === undefined ? {} : {suggestion}),
  }
}

/** The types of JSON Schema, as they are called elsewhere. */
const words: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'nothing',
  number: 'a number',
  object: 'a map',
  string: 'a text',
}

function inWords(expected: string): string {
  const types = /^must be ([a-z]+(?:,[a-z]+)*)$/.exec(expected)?.[1]?.split(',')
  return types === undefined ? expected : `must be ${types.map((type) => words[type] ?? type).join(' or ')}`
}

function adviceFor(expected: string, got: Json | undefined): string | undefined {
  const choices = /^must be one of (.*)$/.exec(expected)?.[1]?.split(', ')
  if (choices && typeof got === 'string') return didYouMean(got, choices)
  if (expected === 'must be string' && (typeof got === 'number' || typeof got === 'boolean')) return 'put it in quotes'
  const isWord = typeof got === 'string' && /^[^\s,[\]{}]{1,40}$/.test(got)
  return expected === 'must be array' && isWord ? `write [${got}]` : undefined
}

function unknownKey(problem: SchemaProblem, key: string, path: string, owner: ValueOwner): Diagnostic {
  const atTop = problem.pointer === ''
  const also = atTop ? (owner.alsoKnown ?? []) : []
  const suggestion = also.includes(key)
    ? `'${key}' belongs to the service: write it beside 'target'`
    : suggestKey(key, [...(problem.known ?? []), ...also])
  return {
    severity: 'error',
    code: 'CONFIG_UNKNOWN_KEY',
    message: `${joinPath(path, key)} is not a key of ${atTop ? owner.owner : path}.`,
    pointer: pointerTo(`${owner.pointer}${problem.pointer}`, key),
    ...(suggestion === undefined ? {} : {suggestion}),
  }
}

/** `services.api.args[1]`: what is a list is only known from the value. */
function pathOf(value: Json, pointer: string, start: string): string {
  let path = start
  let at: Json | undefined = value
  for (const key of pointerKeys(pointer)) {
    path = Array.isArray(at) ? `${path}[${key}]` : joinPath(path, key)
    at = at === undefined ? undefined : stepInto(at, key)
  }
  return path
}

function valueAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value
  for (const key of pointerKeys(pointer)) at = at === undefined ? undefined : stepInto(at, key)
  return at
}

function stepInto(value: Json, key: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(key)]
  return isJsonObject(value) ? value[key] : undefined
}

function holdsReference(value: Json | undefined): boolean {
  return typeof value === 'string' && referencesOf(value).length > 0
}

function describeJson(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}...` : value}'`
  return `the ${typeof value === 'number' ? 'number' : 'value'} ${String(value)}`
}
