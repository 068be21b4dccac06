import {replicaName} from '../base/replica-name.js'
import type {DependencyDefinition, StackDefinition} from '../contract/stack.js'

/** A stack in which every replica is a service of its own. */
export interface Replicated {
  readonly definition: StackDefinition
  /** The replicas of each service of the file, in order; the first has the service's own name. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Whose replica a service is, and which, from 1. */
  readonly of: (name: string) => Replica
}

export interface Replica {
  readonly group: string
  readonly replica: number
}

/** Writes each replica out. Who depends on the service depends on all of them. `scale`: how many, where that is not what the file says. */
export function replicate(definition: StackDefinition, scale: Readonly<Record<string, number>>): Replicated {
  const groups = new Map(
    Object.entries(definition.services).map(([service, {replicas}]) => {
      const names = Array.from({length: scale[service] ?? replicas}, (_, index) => replicaName(service, index + 1))
      return [service, names] as const
    }),
  )
  const found = new Map(
    [...groups].flatMap(([group, names]) => names.map((name, index) => [name, {group, replica: index + 1}] as const)),
  )
  const widened = <Node extends {readonly dependencies: readonly DependencyDefinition[]}>(node: Node): Node => ({
    ...node,
    dependencies: node.dependencies.flatMap((edge) => {
      const names = edge.kind === 'service' ? groups.get(edge.name) : undefined
      return names?.map((name) => ({...edge, name})) ?? [edge]
    }),
  })
  const services = Object.entries(definition.services).flatMap(([service, node]) =>
    (groups.get(service) ?? []).map((name) => [name, widened(node)] as const),
  )
  const tasks = Object.entries(definition.tasks).map(([name, node]) => [name, widened(node)] as const)
  return {
    definition: {...definition, services: Object.fromEntries(services), tasks: Object.fromEntries(tasks)},
    groups,
    of: (name) => found.get(name) ?? {group: name, replica: 1},
  }
}
