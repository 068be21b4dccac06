import type {Json, JsonObject} from '../../base/json.js'
import {isJsonObject} from '../../base/json.js'
import {given} from '../given.js'
import type {Part} from '../part.js'

/** Limits, from `deploy` or from the older keys. */
export function readResources(part: Part, deploy: Part | undefined): JsonObject {
  const resources = deploy?.part('resources')
  const limits = resources?.part('limits')
  const memory = limits?.text('memory') ?? part.text('mem_limit')
  const cpus = limits?.text('cpus') ?? part.text('cpus')
  limits?.leftOvers()
  resources?.leftOvers()
  return given({memory, cpus: cpus !== undefined && /^\d+(\.\d+)?$/.test(cpus) ? Number(cpus) : cpus})
}

/** `{nofile: 1024}` or `{nofile: {soft, hard}}`. */
export function readUlimits(part: Part): JsonObject {
  const ulimits = part.part('ulimits')
  return Object.fromEntries(
    ulimits?.keys.map((name): [string, Json] => {
      const value = ulimits.value(name)
      if (!isJsonObject(value)) return [name, ulimits.number(name) ?? 0]
      const limit = ulimits.partOf(value, name)
      const soft = limit.number('soft') ?? 0
      return [name, {soft, hard: limit.number('hard') ?? soft}]
    }) ?? [],
  )
}
