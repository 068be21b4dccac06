import type {Json, JsonObject} from '../../base/json.js'

/** Milliseconds as a stack file has them: `5s`, `250ms`. */
export function durationText(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  return Number.isInteger(ms / 1000) ? `${ms / 1000}s` : `${ms}ms`
}

/** Without the keys that have no value. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

/** `undefined` for a list without items. */
export function some<Item>(items: readonly Item[] | undefined): readonly Item[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items
}
