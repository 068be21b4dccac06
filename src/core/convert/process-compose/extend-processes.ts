import {isJsonObject} from '../../base/json.js'
import type {Part} from '../part.js'
import type {Value, ValueMap} from '../parse-source.js'

/** Processes with what they take from others by `extends`. CONFIG_INVALID for a name that is not there and for a circle. */
export function extendProcesses(
  processes: readonly (readonly [name: string, part: Part])[],
): ReadonlyMap<string, Part> {
  const parts = new Map(processes)
  const resolve = (name: string, part: Part, chain: readonly string[]): Part => {
    const parent = part.text('extends')
    if (parent === undefined || parent === '') return part
    const base = parts.get(parent)
    if (base === undefined) return part.wrong('extends', 'the name of a process', parent)
    if (chain.includes(parent)) return part.wrong('extends', 'no circle', [...chain, parent].join(' → '))
    const {extends: _, ...own} = part.values
    return part.partOf(merge(resolve(parent, base, [...chain, parent]).values, own), '')
  }
  return new Map([...parts].map(([name, part]) => [name, resolve(name, part, [name])]))
}

function merge(base: ValueMap, own: ValueMap): ValueMap {
  const merged: Record<string, Value> = {...base}
  for (const [key, value] of Object.entries(own)) merged[key] = mergeValue(merged[key], value, key)
  return merged
}

/** Maps are merged, lists appended; a variable that comes twice is the later one's. */
function mergeValue(base: Value | undefined, own: Value, key: string): Value {
  if (isJsonObject(base) && isJsonObject(own)) return merge(base, own)
  if (!Array.isArray(base) || !Array.isArray(own)) return own
  const [before, after] = [base as readonly Value[], own as readonly Value[]]
  if (key !== 'environment') return [...before, ...after]
  const names = new Set(after.map(nameOf))
  return [...before.filter((each) => !names.has(nameOf(each))), ...after]
}

function nameOf(entry: Value): Value {
  return typeof entry === 'string' ? (entry.split('=')[0] ?? entry) : entry
}
