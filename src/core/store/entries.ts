import type {Json} from '../base/json.js'
import type {Change, StoreView} from './store.js'

export type Entries = Map<string, Json>

/** Makes the changes, and answers those that would take them back (to be applied in reverse). */
export function applyChanges(entries: Entries, changes: readonly Change[]): readonly Change[] {
  const undo: Change[] = []
  for (const {key, value} of changes) {
    undo.unshift({key, value: entries.get(key)})
    if (value === undefined) entries.delete(key)
    else entries.set(key, value)
  }
  return undo
}

/** The reading half of a store over a map that may go on changing. */
export function viewOf(entries: ReadonlyMap<string, Json>): StoreView {
  return {
    get: (key) => entries.get(key),
    entries: (prefix) =>
      [...entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  }
}
