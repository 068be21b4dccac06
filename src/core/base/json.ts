import {escapeSigns} from './printable.js'

/** What `JSON.parse` can answer. */
export type Json = string | number | boolean | null | readonly Json[] | {readonly [key: string]: Json}
/** A `Json` with keys. */
export type JsonObject = {readonly [key: string]: Json}

/** A JSON Schema (2020-12) that promises to accept exactly `Value`. The promise is kept by tests. */
export type JsonSchema<Value> = {readonly [keyword: string]: unknown} & {
  /** Never there: it carries the type for the compiler. */
  readonly __accepts?: Value
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `JSON.stringify`, with what could steer a terminal written as `\uXXXX`: the same value, wherever it is shown. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeSigns(JSON.stringify(value, null, indent))
}

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}
