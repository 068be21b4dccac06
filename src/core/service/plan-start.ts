import type {DependencyDefinition, StackDefinition} from '../contract/stack.js'
import {topologicalOrder} from '../dag/layers.js'
import type {Observed, Plan, PlanAction, PlanStep} from './plan.js'
import {isUp} from './record.js'
import {dependenciesIn, kindOf, nameOf, nodeKey, stackGraph, type NodeKey} from './stack-graph.js'

export interface StartWish {
  readonly services: readonly string[]
  readonly tasks: readonly string[]
  /** Restart what runs among the services asked for. */
  readonly restart: boolean
  /** Going on with an earlier request: tasks that are done stay done. */
  readonly resume?: boolean
  /** `false`: only what is named, as if it needed nothing. @default true */
  readonly dependencies?: boolean
  /** Services that no active profile selects: an edge that is not required does not bring them up. */
  readonly skippable?: ReadonlySet<string>
}

/**
 * Pure: which steps bring the asked ones up, dependencies first. What runs already and has not changed is kept, but for what is to be restarted
 * with something that is; a task is run only for something that is not kept. The same input gives the same plan.
 */
export function planStart(definition: StackDefinition, observed: Observed, wish: StartWish): Plan {
  const steps = new Map<NodeKey, PlanStep>()
  const seen = new Set<NodeKey>()
  const edgesOf = (key: NodeKey): readonly DependencyDefinition[] =>
    wish.dependencies === false
      ? []
      : dependenciesIn(definition, key).filter(
          ({kind, name, required}) => required || kind === 'task' || !wish.skippable?.has(name),
        )

  const visit = (key: NodeKey, cause: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    const name = nameOf(key)
    const edges = edgesOf(key)
    const visitAll = (kind: DependencyDefinition['kind']): void => {
      for (const edge of edges) if (edge.kind === kind) visit(nodeKey(edge.kind, edge.name), `needed by ${name}`)
    }
    visitAll('service')
    const own =
      kindOf(key) === 'task'
        ? taskAction(observed, name, cause, wish)
        : serviceAction(observed, name, {cause, wish, restarted: restartedIn(edges, steps)})
    const kept = own.action === 'keep'
    if (!kept) visitAll('task')
    const after = kept ? [] : edges.map((edge) => ({key: nodeKey(edge.kind, edge.name), condition: edge.condition}))
    steps.set(key, {key, kind: kindOf(key), name, ...own, after})
  }
  for (const name of wish.services) visit(nodeKey('service', name), 'asked for')
  for (const name of wish.tasks) visit(nodeKey('task', name), 'asked for')
  for (const key of topologicalOrder(stackGraph(definition))) {
    const restarted = restartedIn(edgesOf(key), steps)
    if (restarted !== undefined && !seen.has(key) && runs(observed, key)) visit(key, `restarts with ${restarted}`)
  }
  return {direction: 'up', steps: [...steps.values()]}
}

/** The first of these dependencies that takes what needs it along when it is restarted, and is. */
function restartedIn(
  edges: readonly DependencyDefinition[],
  steps: ReadonlyMap<NodeKey, PlanStep>,
): string | undefined {
  return edges.find((edge) => edge.restart && steps.get(nodeKey(edge.kind, edge.name))?.action === 'restart')?.name
}

function runs(observed: Observed, key: NodeKey): boolean {
  const service = kindOf(key) === 'service' ? observed.services[nameOf(key)] : undefined
  return service !== undefined && isUp(service) && service.desired === 'up'
}

interface Decision {
  readonly action: PlanAction
  readonly cause: string
}

function taskAction(observed: Observed, name: string, cause: string, wish: StartWish): Decision {
  const state = observed.tasks[name]
  const done = state === 'Succeeded' || state === 'Skipped'
  return wish.resume && done ? {action: 'keep', cause: 'done already'} : {action: 'run', cause}
}

function serviceAction(
  observed: Observed,
  name: string,
  {cause, wish, restarted}: {readonly cause: string; readonly wish: StartWish; readonly restarted: string | undefined},
): Decision {
  const service = observed.services[name]
  const up = service !== undefined && isUp(service)
  if (wish.restart && wish.services.includes(name)) return {action: up ? 'restart' : 'start', cause}
  // What still runs and is about to be stopped is not kept by itself: the start takes that stop back.
  if (!up || service.desired === 'down') return {action: 'start', cause}
  if (service.changed) return {action: 'restart', cause: 'its definition changed'}
  return restarted === undefined
    ? {action: 'keep', cause: 'runs already'}
    : {action: 'restart', cause: `restarts with ${restarted}`}
}
