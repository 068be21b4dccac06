import type {DependencyDefinition, StackDefinition} from '../contract/stack.js'

/** `service:api`, `task:seed`: unique within a stack. */
export type NodeKey = `service:${string}` | `task:${string}`

export const nodeKey = (kind: 'service' | 'task', name: string): NodeKey => `${kind}:${name}`
export const kindOf = (key: NodeKey): 'service' | 'task' => (key.startsWith('task:') ? 'task' : 'service')
export const nameOf = (key: NodeKey): string => key.slice(key.indexOf(':') + 1)

/** The edges of a service or task to what the stack has; missing optional ones are left out. */
export function dependenciesIn(definition: StackDefinition, key: NodeKey): readonly DependencyDefinition[] {
  const name = nameOf(key)
  const all = kindOf(key) === 'service' ? definition.services[name] : definition.tasks[name]
  return (all?.dependencies ?? []).filter((edge) =>
    Object.hasOwn(edge.kind === 'service' ? definition.services : definition.tasks, edge.name),
  )
}

/** Each service and task with what it depends on. */
export function stackGraph(definition: StackDefinition): ReadonlyMap<NodeKey, readonly NodeKey[]> {
  const keys = [
    ...Object.keys(definition.services).map((name) => nodeKey('service', name)),
    ...Object.keys(definition.tasks).map((name) => nodeKey('task', name)),
  ]
  return new Map(keys.map((key) => [key, dependenciesIn(definition, key).map((edge) => nodeKey(edge.kind, edge.name))]))
}
