import {entriesOf, isNull, type Place} from './node.js'
import {mark, pointerTo, type Reading} from './reading.js'
import {expected, readList, readTemplate, readText} from './values.js'

/** Environment variables; `null` takes away what a lower layer set. */
export type Env = ReadonlyMap<string, {readonly value: string | null; readonly place: Place}>

/** A map of names and values: texts, numbers as written, true and false. */
export function readEnv(reading: Reading, place: Place | undefined): Env {
  const env = new Map<string, {readonly value: string | null; readonly place: Place}>()
  if (place === undefined) return env
  if (place.node.kind !== 'map') {
    expected(reading, place, 'a map of names and values', {suggestion: "write 'NAME: value', not 'NAME=value'"})
    return env
  }
  for (const [name, entry] of entriesOf(place)) {
    const value = readValue(reading, entry)
    if (!/^[^=\0]+$/.test(name)) badVariable(reading, entry, name)
    else if (value !== undefined) env.set(name, {value, place: entry})
  }
  return env
}

/** Lays layers on each other, the last one on top. */
export function mergeEnv(reading: Reading, layers: readonly Env[], pointer: string): Readonly<Record<string, string>> {
  const merged = new Map<string, string>()
  for (const [name, {value, place}] of layers.flatMap((layer) => [...layer])) {
    mark(reading, pointerTo(pointer, name), place)
    if (value === null) merged.delete(name)
    else merged.set(name, value)
  }
  return Object.fromEntries(merged)
}

/** A name that is `null` in the end is not inherited either. */
export function inheritedBut(
  inherit: boolean | readonly string[],
  layers: readonly Env[],
): boolean | readonly string[] {
  if (inherit === false || layers.every((layer) => [...layer.values()].every(({value}) => value !== null)))
    return inherit
  const last = new Map(layers.flatMap((layer) => [...layer]))
  const removed = [...last].flatMap(([name, {value}]) => (value === null ? [`!${name}`] : []))
  if (removed.length === 0) return inherit
  return [...(inherit === true ? ['*'] : inherit), ...removed]
}

/** `true`, `false` or a list of names and patterns; `!` before one takes away. */
export function readInheritEnv(reading: Reading, place: Place | undefined): boolean | readonly string[] {
  if (place === undefined) return true
  if (place.node.kind === 'scalar' && typeof place.node.value === 'boolean') return place.node.value
  if (place.node.kind === 'sequence') return readList(reading, place, readText) ?? []
  return expected(reading, place, "true, false or a list of names, where '*' matches any text", {otherwise: true})
}

function readValue(reading: Reading, place: Place): string | null | undefined {
  if (isNull(place.node)) return null
  if (place.node.kind === 'scalar' && typeof place.node.value === 'boolean') return place.node.text
  return readTemplate(reading, place, 'a text, a number, true or false')
}

function badVariable(reading: Reading, place: Place, name: string): void {
  const message = `${place.path}: '${name}' cannot be the name of an environment variable.`
  reading.problems.add(place, {code: 'CONFIG_INVALID_NAME', message}, 'key')
}
