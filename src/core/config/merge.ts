import type {Entry, Node} from './node.js'

/** Lists that are one command line: half of one and half of another would be neither. */
const replacedLists = new Set(['args', 'command', 'entrypoint', 'status', 'stop_command'])

/**
 * Lays `over` on `base`: maps merge, lists append, command-like lists and all else are replaced. Presence decides: `false`, `0`, `''` and `null`
 * take the place of what was there, and so does an empty list. `!override` replaces whatever it is, `!reset` takes away.
 */
export function mergeNodes(base: Node, over: Node, key?: string): Node {
  if (over.tag !== undefined || base.tag === 'reset') return over
  if (base.kind === 'map' && over.kind === 'map') {
    const entries = new Map<string, Entry>(base.entries)
    for (const [name, entry] of over.entries) {
      const below = entries.get(name)
      entries.set(name, below ? {...entry, value: mergeNodes(below.value, entry.value, name)} : entry)
    }
    return {...over, entries}
  }
  const isReplaced = key !== undefined && replacedLists.has(key)
  if (base.kind === 'sequence' && over.kind === 'sequence' && over.items.length > 0 && !isReplaced) {
    return {...over, items: [...base.items, ...over.items]}
  }
  return over
}
