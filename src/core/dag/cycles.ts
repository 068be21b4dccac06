import {edgesOf, type Graph} from './graph.js'

/**
 * The cycles of a graph as full paths whose first node is also the last (`a, b, a`). Cycles that share a node with
 * one already found are left out: breaking the first may well break them too.
 */
export function findCycles<Node>(graph: Graph<Node>): Node[][] {
  const cycles: Node[][] = []
  const done = new Set<Node>()
  const reported = new Set<Node>()
  for (const root of graph.keys()) {
    walk(graph, root, done, (cycle) => {
      if (cycle.some((node) => reported.has(node))) return
      for (const node of cycle) reported.add(node)
      cycles.push([...cycle, ...cycle.slice(0, 1)])
    })
  }
  return cycles
}

/** `a -> b -> a` */
export function formatCycle(cycle: readonly unknown[]): string {
  return cycle.join(' -> ')
}

interface Step<Node> {
  readonly node: Node
  readonly rest: Node[]
}

/** Depth first with a stack of its own, so that a long chain cannot exhaust the call stack. */
function walk<Node>(graph: Graph<Node>, root: Node, done: Set<Node>, found: (cycle: Node[]) => void): void {
  if (done.has(root)) return
  const path: Step<Node>[] = [{node: root, rest: edgesOf(graph, root)}]
  const onPath = new Set<Node>([root])
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    if (step.rest.length === 0) {
      done.add(step.node)
      onPath.delete(step.node)
      path.pop()
      continue
    }
    for (const next of step.rest.splice(0, 1)) {
      if (onPath.has(next)) found(pathFrom(path, next))
      else if (!done.has(next)) {
        path.push({node: next, rest: edgesOf(graph, next)})
        onPath.add(next)
      }
    }
  }
}

function pathFrom<Node>(path: readonly Step<Node>[], start: Node): Node[] {
  const nodes = path.map((step) => step.node)
  return nodes.slice(nodes.indexOf(start))
}
