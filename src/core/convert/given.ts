import type {Json, JsonObject} from '../base/json.js'

type Maybe = Json | undefined

/** An object without the keys that have nothing: no value, or an empty map or list. */
export function given(fields: Readonly<Record<string, Maybe>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined && !isVoid(entry[1])),
  )
}

function isVoid(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
