import {edgesOf, reverseGraph, type Graph} from './graph.js'

/** Everything that the given nodes depend on, directly or through others. The nodes themselves only where a cycle leads back. */
export function dependenciesOf<Node>(graph: Graph<Node>, nodes: Iterable<Node>): Set<Node> {
  const reached = new Set<Node>()
  const open = [...nodes]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of edgesOf(graph, node)) {
      if (reached.has(next)) continue
      reached.add(next)
      open.push(next)
    }
  }
  return reached
}

/** Everything that depends on the given nodes, directly or through others. */
export function dependentsOf<Node>(graph: Graph<Node>, nodes: Iterable<Node>): Set<Node> {
  return dependenciesOf(reverseGraph(graph), nodes)
}
