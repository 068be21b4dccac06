import type {StackDefinition} from '../contract/stack.js'
import type {Observed, Plan, PlanAction, PlanStep} from './plan.js'
import {isUp} from './record.js'
import {dependenciesIn, kindOf, nameOf, nodeKey, type NodeKey} from './stack-graph.js'

export interface StartWish {
  readonly services: readonly string[]
  readonly tasks: readonly string[]
  /** Restart what runs among the services asked for. */
  readonly restart: boolean
  /** Going on with an earlier request: tasks that are done stay done. */
  readonly resume?: boolean
}

/**
 * Pure: which steps bring the asked ones up, dependencies first. What runs already and has not changed is kept, and a task is run only for
 * something that is not kept. The same input gives the same plan.
 */
export function planStart(definition: StackDefinition, observed: Observed, wish: StartWish): Plan {
  const seen = new Set<NodeKey>()
  const steps: PlanStep[] = []

  const visit = (key: NodeKey, cause: string): void => {
    if (seen.has(key)) return
    seen.add(key)
    const name = nameOf(key)
    const decide = kindOf(key) === 'task' ? taskAction : serviceAction
    const own = decide(observed, name, cause, wish)
    const kept = own.action === 'keep'
    const edges = dependenciesIn(definition, key)
    for (const edge of edges) {
      if (edge.kind === 'service' || !kept) visit(nodeKey(edge.kind, edge.name), `needed by ${name}`)
    }
    const after = kept ? [] : edges.map((edge) => ({key: nodeKey(edge.kind, edge.name), condition: edge.condition}))
    steps.push({key, kind: kindOf(key), name, ...own, after})
  }
  for (const name of wish.services) visit(nodeKey('service', name), 'asked for')
  for (const name of wish.tasks) visit(nodeKey('task', name), 'asked for')
  return {direction: 'up', steps}
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

function serviceAction(observed: Observed, name: string, cause: string, wish: StartWish): Decision {
  const service = observed.services[name]
  const up = service !== undefined && isUp(service)
  if (wish.restart && wish.services.includes(name)) return {action: up ? 'restart' : 'start', cause}
  // What still runs and is about to be stopped is not kept by itself: the start takes that stop back.
  if (!up || service.desired === 'down') return {action: 'start', cause}
  return service.changed
    ? {action: 'restart', cause: 'its definition changed'}
    : {action: 'keep', cause: 'runs already'}
}
