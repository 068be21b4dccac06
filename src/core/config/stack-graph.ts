import type {Catalogue} from '../contract/catalogue.js'
import type {DependencyDefinition, ServiceDefinition, StackDefinition, TaskDefinition} from '../contract/stack.js'
import {joinPath} from './node.js'
import {pointerTo} from './reading.js'

/** A service or task as a node of the stack's graph. */
export type StackNode = {
  readonly id: string
  readonly name: string
  readonly pointer: string
  /** `services.api`, as in the file. */
  readonly path: string
  readonly edges: readonly Edge[]
} & (
  | {readonly kind: 'service'; readonly definition: ServiceDefinition}
  | {readonly kind: 'task'; readonly definition: TaskDefinition}
)

export interface Edge extends DependencyDefinition {
  readonly id: string
  /** Of the dependency in the definition; of the type for an edge that it brings. */
  readonly pointer: string
}

/** Every service and task by its id, with the edges of the file and, given a catalogue, those that task types bring. */
export function stackNodes(definition: StackDefinition, catalogue?: Catalogue): ReadonlyMap<string, StackNode> {
  const nodes = new Map<string, StackNode>()
  for (const [name, service] of Object.entries(definition.services)) {
    const pointer = pointerTo('/services', name)
    const edges = declaredEdges(service.dependencies, pointer)
    const id = nodeId('service', name)
    nodes.set(id, {id, kind: 'service', name, pointer, path: joinPath('services', name), definition: service, edges})
  }
  for (const [name, task] of Object.entries(definition.tasks)) {
    const pointer = pointerTo('/tasks', name)
    const edges = [...declaredEdges(task.dependencies, pointer), ...broughtEdges(task, pointer, catalogue)]
    const id = nodeId('task', name)
    nodes.set(id, {id, kind: 'task', name, pointer, path: joinPath('tasks', name), definition: task, edges})
  }
  return nodes
}

/** Each node with the nodes that it depends on. */
export function stackGraph(nodes: ReadonlyMap<string, StackNode>): ReadonlyMap<string, readonly string[]> {
  return new Map([...nodes.values()].map((node) => [node.id, node.edges.map((edge) => edge.id)]))
}

function nodeId(kind: 'service' | 'task', name: string): string {
  return `${kind} ${name}`
}

function declaredEdges(dependencies: readonly DependencyDefinition[], pointer: string): Edge[] {
  return dependencies.map((dependency, index) => ({
    id: nodeId(dependency.kind, dependency.name),
    pointer: pointerTo(pointerTo(pointer, 'dependencies'), index),
    ...dependency,
  }))
}

function broughtEdges(task: TaskDefinition, pointer: string, catalogue: Catalogue | undefined): Edge[] {
  try {
    const brought = catalogue?.taskType(task.taskType)?.dependsOn?.(task.input) ?? []
    return brought.map((edge) => ({
      condition: edge.kind === 'task' ? 'succeeded' : 'ready',
      required: true,
      restart: false,
      ...edge,
      id: nodeId(edge.kind, edge.name),
      pointer: pointerTo(pointer, 'taskType'),
    }))
  } catch {
    // An input that the type cannot read is reported by its schema.
    return []
  }
}
