import {isJsonObject} from '../../base/json.js'
import type {Part} from '../part.js'
import type {Value, ValueMap} from '../parse-source.js'

/** Services with what they take from others of the same file. CONFIG_INVALID for a circle. */
export function extendServices(services: readonly (readonly [name: string, part: Part])[]): ReadonlyMap<string, Part> {
  const parts = new Map(services)
  const resolve = (part: Part, chain: readonly string[]): Part => {
    const value = part.value('extends')
    if (value === undefined) return part
    const base = isJsonObject(value) ? part.partOf(value, 'extends') : undefined
    const file = base?.text('file')
    const name = base?.text('service') ?? part.textOf(value, 'extends')
    const {extends: _, ...own} = part.values
    if (file !== undefined) {
      part.note('extends', `takes from ${file}, which is not read: copy what is missing`)
      return part.partOf(own, '')
    }
    const parent = parts.get(name)
    if (parent === undefined) return part.wrong('extends', 'a service of this file', name)
    if (chain.includes(name)) return part.wrong('extends', 'no circle', [...chain, name].join(' → '))
    return part.partOf(merge(resolve(parent, [...chain, name]).values, own), '')
  }
  return new Map([...parts].map(([name, part]) => [name, resolve(part, [name])]))
}

/** Lists that take the place of others instead of being appended. */
const replaced = new Set(['command', 'entrypoint', 'test'])

function merge(base: ValueMap, own: ValueMap): ValueMap {
  const merged: Record<string, Value> = {...base}
  for (const [key, value] of Object.entries(own)) {
    const before = merged[key]
    if (isJsonObject(before) && isJsonObject(value)) merged[key] = merge(before, value)
    else if (Array.isArray(before) && Array.isArray(value) && !replaced.has(key)) {
      merged[key] = [...(before as readonly Value[]), ...(value as readonly Value[])]
    } else merged[key] = value
  }
  return merged
}
