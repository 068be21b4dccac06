import type {LayerDefinition} from '../contract/stack.js'
import {isExtension} from './fields.js'
import {entriesOf, entryAt, itemsOf, type Place} from './node.js'
import {readRecord} from './read-json.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readText} from './values.js'

const what = 'the name of a layer, like ssh or docker'

/** The layers of one service or task: lists lie inside of those before them, and an empty one, written out, takes those before it away. */
export function readLayers(
  reading: Reading,
  places: readonly (Place | undefined)[],
  pointer: string,
): readonly LayerDefinition[] | undefined {
  const lists = places.filter((place) => place !== undefined)
  const items = lists.map((place) => ({place, items: layersIn(reading, place)}))
  const from = items.findLastIndex((list) => list.items.length === 0)
  const kept = items.slice(from + 1)
  const last = kept.at(-1)
  if (last === undefined) return undefined
  mark(reading, pointer, last.place)
  return kept
    .flatMap((list) => list.items)
    .map((item, index) => readLayer(reading, item, pointerTo(pointer, index)))
    .filter((layer) => layer !== undefined)
}

function layersIn(reading: Reading, place: Place): readonly Place[] {
  if (place.node.kind === 'sequence') return itemsOf(place)
  return expected(reading, place, 'a list of layers', {
    otherwise: [],
    ...(place.node.kind === 'map' && {suggestion: "begin its line with '- '"}),
  })
}

function readLayer(reading: Reading, place: Place, pointer: string): LayerDefinition | undefined {
  mark(reading, pointer, place)
  if (place.node.kind !== 'map') {
    return expected(reading, place, 'a map with a type', {suggestion: 'write {type: ssh, host: HOST}, or the like'})
  }
  const at = entryAt(place, 'type')
  if (at === undefined) {
    const message = `${place.path} needs a 'type', like ssh or docker.`
    reading.problems.add(place, {code: 'CONFIG_MISSING_KEY', message}, 'key')
    return undefined
  }
  mark(reading, pointerTo(pointer, 'type'), at)
  mark(reading, pointerTo(pointer, 'spec'), place)
  const type = readText(reading, at, what)
  const fields = entriesOf(place).filter(([key]) => key !== 'type' && !isExtension(key))
  const spec = readRecord(reading, fields, pointerTo(pointer, 'spec'))
  return type === undefined ? undefined : {type, spec}
}
