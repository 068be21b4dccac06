import type {Json} from '../base/json.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {Dependency} from '../contract/service-type.js'
import type {DependencyDefinition, StackDefinition, TaskDefinition} from '../contract/stack.js'

/**
 * Adds the edges that task types always bring. Those of the stack file win. A type that throws there brings none: the stack was taken by a former version
 * of it, maybe, and must not be lost for that.
 */
export function completeTasks(definition: StackDefinition, catalogue: Catalogue): StackDefinition {
  const tasks = Object.entries(definition.tasks).map(([name, task]) => [name, withOwnEdges(task, catalogue)] as const)
  return {...definition, tasks: Object.fromEntries(tasks)}
}

function withOwnEdges(task: TaskDefinition, catalogue: Catalogue): TaskDefinition {
  const own = ownEdges(task, catalogue)
    .filter(({kind, name}) => !task.dependencies.some((edge) => edge.kind === kind && edge.name === name))
    .map((edge): DependencyDefinition => ({
      condition: edge.kind === 'task' ? 'succeeded' : 'ready',
      required: true,
      restart: false,
      ...edge,
    }))
  return own.length === 0 ? task : {...task, dependencies: [...task.dependencies, ...own]}
}

function ownEdges(task: TaskDefinition, catalogue: Catalogue): readonly Dependency[] {
  const input: Json = task.input
  try {
    return catalogue.taskType(task.taskType)?.dependsOn?.(input) ?? []
  } catch {
    return []
  }
}
