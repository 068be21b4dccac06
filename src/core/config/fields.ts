import {entriesOf, entryAt, isNull, type Place} from './node.js'
import {suggestKey, typeWith} from './other-names.js'
import type {Reading} from './reading.js'
import {expected} from './values.js'

/** The entries of a map by their key. A key without a value counts as missing. */
export type Fields<Key extends string> = (key: Key) => Place | undefined

/** Opens a map with these keys, `x-…` beside them. Any other key is an error; `what` is said of them: "is not a key of …". */
export function openFields<Key extends string>(
  reading: Reading,
  place: Place,
  options: {readonly keys: readonly Key[]; readonly what: string; readonly example?: string},
): Fields<Key> {
  if (place.node.kind !== 'map') expected(reading, place, 'a map', {suggestion: options.example})
  const known = new Set<string>(options.keys)
  for (const [key, entry] of entriesOf(place)) {
    if (isExtension(key) || known.has(key)) continue
    reading.problems.add(
      entry,
      {
        code: 'CONFIG_UNKNOWN_KEY',
        message: `${entry.path} is not a key of ${options.what}.`,
        suggestion: suggestKey(key, options.keys) ?? inTarget(key, options.keys),
      },
      'key',
    )
  }
  return (key) => {
    const entry = entryAt(place, key)
    return entry && !isNull(entry.node) ? entry : undefined
  }
}

/** A key of a target beside it. */
function inTarget(key: string, keys: readonly string[]): string | undefined {
  const type = keys.includes('target') ? typeWith([key]) : undefined
  return type === undefined ? undefined : `it belongs to the target: write 'target: {type: ${type}, ${key}: …}'`
}

/** Keys that harness never looks at. */
export function isExtension(key: string): boolean {
  return key.startsWith('x-')
}
