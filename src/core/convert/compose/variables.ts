import type {Json, JsonObject} from '../../base/json.js'
import {isJsonObject} from '../../base/json.js'
import type {Origin} from '../converted.js'
import {given} from '../given.js'
import type {Part} from '../part.js'
import {relocate} from '../relocate.js'

/** `environment` in either spelling. A name alone is the caller's variable of that name. */
export function readEnvironment(part: Part): JsonObject {
  return readPairs(part, 'environment', (name) => `\${${name}-}`)
}

/** A map, or a list of `NAME=value`. */
export function readPairs(part: Part, key: string, alone: (name: string) => string): JsonObject {
  const value = part.value(key)
  if (value === undefined) return {}
  if (!Array.isArray(value)) {
    const map = part.partOf(value, key)
    return Object.fromEntries(map.keys.map((name) => [name, map.text(name) ?? alone(name)]))
  }
  return Object.fromEntries(
    part.texts(key).map((entry) => {
      const [, name = entry, text] = /^([^=]*)=([^]*)$/.exec(entry) ?? []
      return [name, text ?? alone(name)]
    }),
  )
}

export function readEnvFiles(origin: Origin, part: Part): readonly Json[] {
  if (!Array.isArray(part.value('env_file'))) return part.oneOrMore('env_file').map((file) => relocate(origin, file))
  return part.list('env_file').map((value, index) => {
    const key = `env_file[${index}]`
    if (!isJsonObject(value)) return relocate(origin, part.textOf(value, key))
    const file = part.partOf(value, key)
    const path = relocate(origin, file.text('path') ?? file.wrong('path', 'a path', undefined))
    const required = file.value('required') === false ? false : undefined
    const fields = given({path, required, format: file.text('format')})
    file.leftOvers()
    return fields
  })
}
