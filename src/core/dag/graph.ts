/** Each node with the nodes it depends on. Edges to nodes that are no key of the map are ignored. */
export type Graph<Node> = ReadonlyMap<Node, Iterable<Node>>

/** What `node` depends on inside the graph, each once. */
export function edgesOf<Node>(graph: Graph<Node>, node: Node): Node[] {
  return [...new Set(graph.get(node) ?? [])].filter((other) => graph.has(other))
}

/** The same graph with every edge turned round: each node with the nodes that depend on it. */
export function reverseGraph<Node>(graph: Graph<Node>): Map<Node, Node[]> {
  const reversed = new Map<Node, Node[]>([...graph.keys()].map((node) => [node, []]))
  for (const node of graph.keys()) {
    for (const dependency of edgesOf(graph, node)) reversed.get(dependency)?.push(node)
  }
  return reversed
}
