import type {Json} from '../base/json.js'
import {entriesOf, itemsOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {readTemplate} from './values.js'

/** Any value, its texts as templates. Every part of it can be found again by its pointer. */
export function readJson(reading: Reading, place: Place, pointer: string): Json {
  mark(reading, pointer, place)
  const {node} = place
  if (node.kind === 'map') return readRecord(reading, entriesOf(place), pointer)
  if (node.kind === 'sequence') {
    return itemsOf(place).map((item, index) => readJson(reading, item, pointerTo(pointer, index)))
  }
  return typeof node.value === 'string' ? (readTemplate(reading, place) ?? '') : node.value
}

/** Some entries of a map as an object. */
export function readRecord(
  reading: Reading,
  entries: readonly (readonly [key: string, place: Place])[],
  pointer: string,
): {readonly [key: string]: Json} {
  return Object.fromEntries(entries.map(([key, place]) => [key, readJson(reading, place, pointerTo(pointer, key))]))
}
