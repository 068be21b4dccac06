import path from 'node:path'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {entryAt, isNull, type Place} from './node.js'
import type {Reading} from './reading.js'
import {needed, readList, readText} from './values.js'

/** A file whose services and tasks belong to this stack too. */
export interface Include {
  /** Absolute. */
  readonly file: string
  readonly place: Place
}

/** A path, or a list of paths and `{path}`; each starts at the file that it is written in. */
export function readIncludes(reading: Reading, top: Place): readonly Include[] {
  const place = entryAt(top, 'include')
  if (place === undefined || isNull(place.node)) return []
  if (place.node.kind !== 'sequence') return [readInclude(reading, place)].flatMap((include) => include ?? [])
  return readList(reading, place, readInclude) ?? []
}

function readInclude(reading: Reading, place: Place): Include | undefined {
  if (place.node.kind !== 'map') return include(reading, place)
  const field = openFields(reading, place, {keys: keyNames.include, what: 'an include'})
  const at = needed(reading, place, field('path'), "a 'path'")
  return at && include(reading, at)
}

function include(reading: Reading, place: Place): Include | undefined {
  const text = readText(reading, place, 'the path of a stack file')
  return text === undefined ? undefined : {file: path.resolve(place.node.span.source.directory, text), place}
}
