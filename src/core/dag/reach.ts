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
  const tops = [...nodes]
  return tops.length === 0 ? new Set() : dependenciesOf(reverseGraph(graph), tops)
}

/** Whether any of what a node depends on, directly or through others, is one that is looked for. */
export type Reach<Node> = (from: Node, isWanted: (node: Node) => boolean) => boolean

/** Looks from near to far and no further than it must, over numbers: a large graph is asked once for each of its nodes. */
export function reachOf<Node>(graph: Graph<Node>): Reach<Node> {
  const nodes = [...graph.keys()]
  const numbers = new Map(nodes.map((node, number) => [node, number]))
  const edges = nodes.map((node) => edgesOf(graph, node).flatMap((next) => numbers.get(next) ?? []))
  /** By which search each was seen last, so that nothing must be cleared between two. */
  const seen = new Uint32Array(nodes.length)
  let search = 0
  return (from, isWanted) => {
    const start = numbers.get(from)
    const open = start === undefined ? [] : [start]
    search += 1
    for (const number of open) {
      for (const next of edges[number] ?? []) {
        if (seen[next] === search) continue
        seen[next] = search
        if (isWanted(nodes[next] as Node)) return true
        open.push(next)
      }
    }
    return false
  }
}
