import {HarnessError} from '../base/errors.js'
import {findCycles, formatCycle} from './cycles.js'
import {edgesOf, reverseGraph, type Graph} from './graph.js'

/**
 * Groups the nodes so that each depends only on earlier groups; within a group the order of the map is kept.
 * A cycle is the caller's mistake (INTERNAL): look for cycles first.
 */
export function topologicalLayers<Node>(graph: Graph<Node>): Node[][] {
  const dependents = reverseGraph(graph)
  const missing = new Map([...graph.keys()].map((node) => [node, edgesOf(graph, node).length]))
  const rank = new Map([...graph.keys()].map((node, index) => [node, index]))
  const layers: Node[][] = []
  let layer = [...graph.keys()].filter((node) => missing.get(node) === 0)
  let placed = 0
  while (layer.length > 0) {
    layers.push(layer)
    placed += layer.length
    layer = release(layer, dependents, missing).sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
  }
  if (placed < graph.size) throw cycleError(graph)
  return layers
}

/** The nodes in one line, each after everything it depends on. */
export function topologicalOrder<Node>(graph: Graph<Node>): Node[] {
  return topologicalLayers(graph).flat()
}

/** Counts the finished layer off at its dependents and answers those that wait for nothing more. */
function release<Node>(layer: readonly Node[], dependents: ReadonlyMap<Node, Node[]>, missing: Map<Node, number>) {
  const free: Node[] = []
  for (const node of layer.flatMap((done) => dependents.get(done) ?? [])) {
    const left = (missing.get(node) ?? 0) - 1
    missing.set(node, left)
    if (left === 0) free.push(node)
  }
  return free
}

function cycleError<Node>(graph: Graph<Node>): HarnessError {
  const reason = findCycles(graph).map(formatCycle).join('; ')
  return new HarnessError('INTERNAL', {subject: 'topologicalLayers', reason: `the graph has a cycle: ${reason}`})
}
