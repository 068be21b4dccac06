import {isJsonObject, type Json} from '../base/json.js'
import type {StackDefinition} from '../contract/stack.js'
import {stackNodes, type StackNode} from './stack-graph.js'
import {referencesOf} from './template.js'
import {templatesOf} from './templates-of.js'

/** The names of the secrets that a service or task refers to. */
export function secretsOf(node: StackNode): ReadonlySet<string> {
  return new Set(templatesOf(node).flatMap(({value}) => mentioned(value)))
}

/** The names of the secrets that anything of a stack refers to. */
export function usedSecrets(definition: StackDefinition): ReadonlySet<string> {
  return new Set([...stackNodes(definition).values()].flatMap((node) => [...secretsOf(node)]))
}

function mentioned(value: Json): readonly string[] {
  if (typeof value === 'string') {
    if (!value.includes('$')) return []
    return referencesOf(value).flatMap((reference) => (reference.kind === 'secret' ? [reference.name] : []))
  }
  if (Array.isArray(value)) return value.flatMap((inner: Json) => mentioned(inner))
  return isJsonObject(value) ? Object.values(value).flatMap(mentioned) : []
}
