import {drawnNodes, edgeNotes, nodeLabel, type DepsGraph} from './deps-graph.js'

/** The graph for Graphviz. */
export function depsDot(graph: DepsGraph): readonly string[] {
  return [
    `digraph ${text(graph.name)} {`,
    '  node [shape=box];',
    ...drawnNodes(graph).map((node) => {
      const looks = [...(node.kind === 'task' ? ['rounded'] : []), ...(node.missing ? ['dashed'] : [])]
      return `  ${text(node.name)} ${attributes(nodeLabel(node), looks)};`
    }),
    ...graph.edges.map((edge) => {
      const notes = edgeNotes(edge)
      const looks = edge.required ? [] : ['dashed']
      const more = notes.length > 0 ? ` ${attributes(notes.join(', '), looks)}` : ''
      return `  ${text(edge.from)} -> ${text(edge.to)}${more};`
    }),
    '}',
  ]
}

function attributes(label: string, looks: readonly string[]): string {
  return `[label=${text(label)}${looks.length > 0 ? `, style=${text(looks.join(','))}` : ''}]`
}

function text(label: string): string {
  return `"${label.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
