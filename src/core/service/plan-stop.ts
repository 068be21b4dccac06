import type {StackDefinition} from '../contract/stack.js'
import {topologicalOrder} from '../dag/layers.js'
import {dependentsOf} from '../dag/reach.js'
import type {Observed, Plan, PlanStep} from './plan.js'
import {isUp, mayRemain} from './record.js'
import {kindOf, nameOf, nodeKey, stackGraph, type NodeKey} from './stack-graph.js'

export interface StopWish {
  readonly services: readonly string[]
  /** Also what needs them, directly or through others. */
  readonly withDependents: boolean
}

/** Pure: the mirror of planStart, dependents first. Tasks have no step of their own, but order passes through them. */
export function planStop(definition: StackDefinition, observed: Observed, wish: StopWish): Plan {
  const graph = stackGraph(definition)
  const asked = wish.services.map((name) => nodeKey('service', name))
  const chosen = new Set<NodeKey>(asked)
  if (wish.withDependents) for (const key of dependentsOf(graph, asked)) chosen.add(key)
  // What an edit took out of the file still runs, and nothing in the file needs it.
  const removed = asked.filter((key) => !graph.has(key))
  const steps = [...removed, ...topologicalOrder(graph).reverse()]
    .filter((key) => kindOf(key) === 'service' && chosen.has(key))
    .map((key): PlanStep => {
      const name = nameOf(key)
      const runs = needsStop(observed, name)
      const before = [...dependentsOf(graph, [key])].filter(
        (other) => kindOf(other) === 'service' && chosen.has(other) && needsStop(observed, nameOf(other)),
      )
      return {
        key,
        kind: 'service',
        name,
        action: runs ? 'stop' : 'keep',
        cause: !runs ? 'does not run' : asked.includes(key) ? 'asked for' : 'needs what is stopped',
        after: before.map((other) => ({key: other, condition: 'completed'})),
      }
    })
  return {direction: 'down', steps}
}

/** Services that run and need one of these, directly or through others, and are not among them. */
export function runningDependents(
  definition: StackDefinition,
  observed: Observed,
  names: readonly string[],
): readonly string[] {
  const keys = names.map((name) => nodeKey('service', name))
  return [...dependentsOf(stackGraph(definition), keys)]
    .filter((key) => kindOf(key) === 'service' && !keys.includes(key))
    .map(nameOf)
    .filter((name) => {
      const service = observed.services[name]
      return service !== undefined && isUp(service)
    })
    .sort()
}

/** Also what is about to begin, and what an earlier stop could not end. */
function needsStop(observed: Observed, name: string): boolean {
  const service = observed.services[name]
  if (service === undefined) return false
  return service.desired === 'up' || isUp(service) || service.state === 'Stopping' || mayRemain(service)
}
