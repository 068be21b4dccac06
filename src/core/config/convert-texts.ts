import {isJsonObject, type Json} from '../base/json.js'
import type {Check} from '../schema/compile.js'
import {pointerKeys} from './reading.js'

/** Variables and references bring texts: where the schema wants a number or true and false, one that says it becomes it. */
export function convertTexts(check: Check, value: Json): Json {
  return check(value).reduce<Json>(
    (converted, {kind, pointer}) =>
      kind === 'value' ? replaceAt(converted, pointerKeys(pointer), fromText) : converted,
    value,
  )
}

function replaceAt(value: Json, keys: readonly string[], change: (value: Json) => Json): Json {
  const [key, ...rest] = keys
  if (key === undefined) return change(value)
  if (Array.isArray(value)) {
    return value.map((inner: Json, index) => (String(index) === key ? replaceAt(inner, rest, change) : inner))
  }
  if (!isJsonObject(value)) return value
  const inner = value[key]
  return inner === undefined ? value : {...value, [key]: replaceAt(inner, rest, change)}
}

function fromText(value: Json): Json {
  if (value === 'true' || value === 'false') return value === 'true'
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
  return isNumber ? Number(value) : value
}
