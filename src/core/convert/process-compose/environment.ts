import type {JsonObject} from '../../base/json.js'
import type {Part} from '../part.js'
import {expandValue, renderValue, type Scope} from './texts.js'

/** `NAME=value` entries as a map. Those of a process are templates too. */
export function readEnvironment(scope: Scope, part: Part, kind: 'process' | 'project'): JsonObject {
  return Object.fromEntries(
    part.texts('environment').flatMap((entry, index) => {
      const key = `environment[${index}]`
      const [, name, value] = /^([^=]+)=([^]*)$/.exec(entry) ?? []
      if (name === undefined || value === undefined) {
        part.note(key, `'${entry}' is left out: it is not NAME=value`)
        return []
      }
      const text = {text: value, place: 'plain'} as const
      return [[name, kind === 'process' ? renderValue(scope, part, key, text) : expandValue(scope, part, key, text)]]
    }),
  )
}

/** What a process is told of itself, where it asks for it. */
export function ownVariables(part: Part, name: string, replica: number): JsonObject {
  const text = JSON.stringify(part.values).replaceAll(/\{\{[^}]*\}\}/g, '')
  return {
    ...(text.includes('PC_PROC_NAME') ? {PC_PROC_NAME: name} : {}),
    ...(text.includes('PC_REPLICA_NUM') ? {PC_REPLICA_NUM: String(replica)} : {}),
  }
}
