import type {WatchDefinition} from '../contract/stack.js'
import {openFields} from './fields.js'
import {keyNames} from './keys/names.js'
import {itemsOf, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {asList, expected, needed, readDuration, readList, readName, readText} from './values.js'

const defaults: Omit<WatchDefinition, 'paths'> = {
  include: [],
  ignore: [],
  debounceMs: 300,
  action: {kind: 'restart'},
}

/** One map, a list of maps, or a list of paths that all have the defaults. */
export function readWatch(reading: Reading, place: Place | undefined, pointer: string): readonly WatchDefinition[] {
  if (place === undefined) return []
  mark(reading, pointer, place)
  if (place.node.kind === 'map') return [readOne(reading, place, pointerTo(pointer, 0))].flatMap((read) => read ?? [])
  if (place.node.kind !== 'sequence') {
    const what = 'a list of paths, a map with paths, or a list of such maps'
    return expected(reading, place, what, {otherwise: [], suggestion: asList(place)})
  }
  if (place.node.items.every(({kind}) => kind !== 'map')) {
    const paths = readPaths(reading, place, pointerTo(pointer, 0))
    mark(reading, pointerTo(pointer, 0), place)
    return paths === undefined ? [] : [{...defaults, paths}]
  }
  let index = 0
  return itemsOf(place).flatMap((item) => {
    const read = readOne(reading, item, pointerTo(pointer, index))
    if (read === undefined) return []
    index += 1
    return [read]
  })
}

function readOne(reading: Reading, place: Place, pointer: string): WatchDefinition | undefined {
  mark(reading, pointer, place)
  const field = openFields(reading, place, {keys: keyNames.watch, what: 'a watch'})
  if (place.node.kind !== 'map') return undefined
  const paths = needed(reading, place, field('paths'), "'paths'")
  const read = paths && readPaths(reading, paths, pointer)
  const rest = {
    include: readList(reading, field('include'), readText) ?? defaults.include,
    ignore: readList(reading, field('ignore'), readText) ?? defaults.ignore,
    debounceMs: readDuration(reading, field('debounce')) ?? defaults.debounceMs,
    action: readAction(reading, field('action'), pointerTo(pointer, 'action')) ?? defaults.action,
  }
  return read && {paths: read, ...rest}
}

function readPaths(reading: Reading, place: Place, pointer: string): readonly string[] | undefined {
  let index = 0
  const paths = readList(reading, place, (_, item) => {
    const read = readPath(reading, item)
    if (read !== undefined) mark(reading, pointerTo(pointerTo(pointer, 'paths'), index++), item)
    return read
  })
  if (place.node.kind !== 'sequence' || place.node.items.length > 0) return paths?.length === 0 ? undefined : paths
  return expected(reading, place, 'a list of at least one path')
}

function readPath(reading: Reading, place: Place): string | undefined {
  const path = readText(reading, place, 'a path')
  if (path === '') return expected(reading, place, 'a path')
  if (path !== undefined && path.includes('*')) {
    const message = `${place.path}: '${path}' is taken as the name of one file or folder.`
    const suggestion = "name the folder, and write the pattern under 'include'"
    reading.problems.add(place, {severity: 'warning', code: 'CONFIG_INVALID_VALUE', message, suggestion})
  }
  return path
}

function readAction(
  reading: Reading,
  place: Place | undefined,
  pointer: string,
): WatchDefinition['action'] | undefined {
  if (place === undefined) return undefined
  const what = "'restart' or {task: NAME}"
  mark(reading, pointer, place)
  if (place.node.kind !== 'map') {
    const text = readText(reading, place, what)
    return text === undefined || text === 'restart' ? defaults.action : expected(reading, place, what)
  }
  const field = openFields(reading, place, {keys: keyNames.watchAction, what: 'an action'})
  const task = needed(reading, place, field('task'), "a 'task'")
  const name = readName(reading, task)
  if (task) mark(reading, pointerTo(pointer, 'task'), task)
  return name === undefined ? undefined : {kind: 'task', task: name}
}
