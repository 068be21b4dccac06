import type {Span} from './source.js'

/** A YAML value that still knows where it was written. Aliases are followed, merge keys applied. */
export type Node = MapNode | ScalarNode | SequenceNode

/** How a value is laid over another: taken away, or put in its place whole. Nothing: merged. */
export type MergeTag = 'override' | 'reset'

interface MapNode {
  readonly kind: 'map'
  readonly tag?: MergeTag | undefined
  readonly span: Span
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly key: Span
  readonly value: Node
}

interface SequenceNode {
  readonly kind: 'sequence'
  readonly tag?: MergeTag | undefined
  readonly span: Span
  readonly items: readonly Node[]
}

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly tag?: MergeTag | undefined
  readonly span: Span
  readonly value: boolean | number | string | null
  /** As written, so that `1.10` can stay `1.10`. */
  readonly text: string
}

/** A node, how to get there from the top of the file, and the key it stands under. */
export interface Place {
  readonly node: Node
  /** `services.api.ports[0]`; empty for the top. */
  readonly path: string
  readonly key?: Span
}

/** Numbers that JSON would change (`08`, more than 53 bits, infinity) stay text. */
export function exactNumber(value: number, text: string): number | string {
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return isExact && !/^[-+]?0\d/.test(text) ? value : text
}

export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** What stands under a key; nothing when the key is missing or was reset. */
export function entryAt(place: Place, key: string): Place | undefined {
  const entry = place.node.kind === 'map' ? place.node.entries.get(key) : undefined
  if (entry === undefined || entry.value.tag === 'reset') return undefined
  return {node: entry.value, path: joinPath(place.path, key), key: entry.key}
}

/** The entries of a map, each with its key. */
export function entriesOf(place: Place): (readonly [key: string, place: Place & {readonly key: Span}])[] {
  if (place.node.kind !== 'map') return []
  const entries: (readonly [key: string, place: Place & {readonly key: Span}])[] = []
  for (const [key, {key: span, value}] of place.node.entries) {
    if (value.tag !== 'reset') entries.push([key, {node: value, path: joinPath(place.path, key), key: span}])
  }
  return entries
}

/** The items of a sequence. */
export function itemsOf(place: Place): Place[] {
  if (place.node.kind !== 'sequence') return []
  const items = place.node.items.filter(({tag}) => tag !== 'reset')
  return items.map((node, index) => ({node, path: `${place.path}[${index}]`}))
}

export function joinPath(path: string, key: string): string {
  const step = /^[\w-]+$/.test(key) ? key : JSON.stringify(key)
  return path === '' ? step : `${path}.${step}`
}

/** For "expected … got …". */
export function describeNode(node: Node): string {
  if (node.kind === 'map') return node.entries.size === 0 ? 'an empty map' : 'a map'
  if (node.kind === 'sequence') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.value === null) return 'nothing'
  if (typeof node.value === 'string') return `'${clip(node.value)}'`
  return `the ${typeof node.value === 'number' ? 'number' : 'value'} ${clip(node.text)}`
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
