import {stackNodes} from '../core/config/stack-graph.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import type {DependencyDefinition, StackDefinition} from '../core/contract/stack.js'

/** A service or a task. */
export interface DepsNode {
  readonly kind: 'service' | 'task'
  readonly name: string
  /** Of services. */
  readonly replicas?: number
}

/** `from` needs `to`, which is of this kind. */
export interface DepsEdge extends Pick<DependencyDefinition, 'condition' | 'kind' | 'required' | 'restart'> {
  readonly from: string
  readonly to: string
}

/** Who needs whom in a stack, in the order of the file. */
export interface DepsGraph {
  readonly name: string
  readonly nodes: readonly DepsNode[]
  readonly edges: readonly DepsEdge[]
}

/** With a catalogue also what task types depend on by themselves. */
export function depsGraph(definition: StackDefinition, catalogue?: Catalogue): DepsGraph {
  const nodes = [...stackNodes(definition, catalogue).values()]
  return {
    name: definition.name,
    nodes: nodes.map((node) => ({
      kind: node.kind,
      name: node.name,
      ...(node.kind === 'service' ? {replicas: node.definition.replicas} : {}),
    })),
    edges: nodes.flatMap(({name: from, edges}) => {
      const first = edges.filter((edge, index) => edges.findIndex(({id}) => id === edge.id) === index)
      return first.map(({name: to, kind, condition, required, restart}) => ({
        from,
        to,
        kind,
        condition,
        required,
        restart,
      }))
    }),
  }
}

/** `api`, `api ×3`, `task seed`. */
export function nodeLabel({kind, name, replicas = 1}: DepsNode): string {
  return kind === 'task' ? `task ${name}` : `${name}${replicas === 1 ? '' : ` ×${replicas}`}`
}

/** What of an edge is not as usual: `started`, `optional`, `restart`. */
export function edgeNotes({kind, condition, required, restart}: DepsEdge): readonly string[] {
  const usual = kind === 'task' ? 'succeeded' : 'ready'
  return [
    ...(condition === usual ? [] : [condition]),
    ...(required ? [] : ['optional']),
    ...(restart ? ['restart'] : []),
  ]
}

/** The nodes, and after them those that are only named as optional dependencies and are not in the file. */
export function drawnNodes({nodes, edges}: DepsGraph): readonly (DepsNode & {readonly missing: boolean})[] {
  const present = new Set(nodes.map(({name}) => name))
  const missing = new Map(edges.flatMap(({kind, to}) => (present.has(to) ? [] : [[to, {kind, name: to}] as const])))
  return [
    ...nodes.map((node) => ({...node, missing: false})),
    ...[...missing.values()].map((node) => ({...node, missing: true})),
  ]
}
