import {mergeNodes} from './merge.js'
import {entriesOf, entryAt, isNull, type Entry, type Node, type Place} from './node.js'
import type {Reading} from './reading.js'
import {didYouMean} from './suggest.js'
import {readList, readText} from './values.js'

/** Lays every service and task on the templates that it extends. */
export function extendEntries(reading: Reading, top: Place): Place {
  if (top.node.kind !== 'map') return top
  const templates = entryAt(top, 'templates')
  const entries = new Map<string, Entry>(top.node.entries)
  for (const section of ['services', 'tasks']) {
    const place = entryAt(top, section)
    const entry = entries.get(section)
    if (!place || !entry || place.node.kind !== 'map') continue
    const extended = new Map(place.node.entries)
    for (const [name, each] of entriesOf(place)) {
      const node = extend({reading, templates, chain: []}, each)
      if (node !== each.node) extended.set(name, {key: each.key, value: node})
    }
    entries.set(section, {...entry, value: {...place.node, entries: extended}})
  }
  return {...top, node: {...top.node, entries}}
}

interface Extension {
  readonly reading: Reading
  readonly templates: Place | undefined
  /** The templates that led here. */
  readonly chain: readonly string[]
}

function extend(extension: Extension, place: Place): Node {
  const at = entryAt(place, 'extends')
  if (at === undefined || isNull(at.node)) return place.node
  const below = namesOf(extension.reading, at).flatMap((name) => templateNamed(extension, name) ?? [])
  const [first, ...others] = below
  if (first === undefined) return place.node
  return mergeNodes(
    others.reduce((base, over) => mergeNodes(base, over), first),
    place.node,
  )
}

type Named = Place & {readonly name: string}

/** One name or a list of them; the later lies over the earlier. */
function namesOf(reading: Reading, place: Place): readonly Named[] {
  const read = (_: Reading, item: Place): Named | undefined => {
    const name = readText(reading, item, 'the name of a template')
    return name === undefined ? undefined : {...item, name}
  }
  const places = place.node.kind === 'sequence' ? readList(reading, place, read) : [read(reading, place)]
  return (places ?? []).filter((named) => named !== undefined)
}

function templateNamed({reading, templates, chain}: Extension, named: Named): Node | undefined {
  const {name} = named
  const known = templates === undefined ? [] : entriesOf(templates).map(([key]) => key)
  if (chain.includes(name)) {
    const circle = [...chain.slice(chain.indexOf(name)), name].join(' → ')
    reading.problems.add(named, {
      code: 'CONFIG_CYCLE',
      message: `The templates extend each other in a circle: ${circle}.`,
      suggestion: 'take one of these steps away',
    })
    return undefined
  }
  const template = templates && entryAt(templates, name)
  if (template === undefined) {
    const there = known.length === 0 ? 'the file has no templates' : `known are ${known.join(', ')}`
    const message = `${named.path} names the template '${name}', which is not there; ${there}.`
    const suggestion = didYouMean(name, known) ?? "write it under 'templates'"
    reading.problems.add(named, {code: 'CONFIG_UNKNOWN_REFERENCE', message, suggestion})
    return undefined
  }
  const node = extend({reading, templates, chain: [...chain, name]}, template)
  return withoutExtends(node)
}

/** A list under `extends` would append to that of its template. */
function withoutExtends(node: Node): Node {
  if (node.kind !== 'map' || !node.entries.has('extends')) return node
  return {...node, entries: new Map([...node.entries].filter(([key]) => key !== 'extends'))}
}
