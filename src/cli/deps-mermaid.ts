import {drawnNodes, edgeNotes, nodeLabel, type DepsGraph} from './deps-graph.js'

/** The graph for a Markdown page. Nodes are numbered: a name like `end` would be a word of the language. */
export function depsMermaid(graph: DepsGraph): readonly string[] {
  const nodes = drawnNodes(graph)
  const ids = new Map(nodes.map(({name}, index) => [name, `n${index}`]))
  return [
    'graph TD',
    ...nodes.map((node) => {
      const label = text(nodeLabel(node))
      return `  ${ids.get(node.name) ?? ''}${node.kind === 'task' ? `([${label}])` : `[${label}]`}`
    }),
    ...graph.edges.map((edge) => {
      const notes = edgeNotes(edge)
      const arrow = edge.required ? '-->' : '-.->'
      const label = notes.length > 0 ? `|${text(notes.join(', '))}|` : ''
      return `  ${ids.get(edge.from) ?? ''} ${arrow}${label} ${ids.get(edge.to) ?? ''}`
    }),
  ]
}

function text(label: string): string {
  return `"${label.replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`
}
