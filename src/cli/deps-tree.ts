import {dependenciesOf} from '../core/dag/reach.js'
import {drawnNodes, edgeNotes, nodeLabel, type DepsEdge, type DepsGraph} from './deps-graph.js'
import type {Style} from './style.js'

interface Drawing {
  readonly graph: DepsGraph
  readonly labels: ReadonlyMap<string, string>
  readonly missing: ReadonlySet<string>
  readonly style: Style
  readonly shown: Set<string>
  readonly lines: string[]
}

/** The graph as a tree: below each service and task what it needs. What was shown before ends with `…`. */
export function depsTree(graph: DepsGraph, style: Style): readonly string[] {
  const nodes = drawnNodes(graph)
  const labels = new Map(nodes.map((node) => [node.name, nodeLabel(node)]))
  const missing = new Set(nodes.filter((node) => node.missing).map(({name}) => name))
  const drawing: Drawing = {graph, labels, missing, style, shown: new Set(), lines: [style.bold(graph.name)]}
  drawBranches(
    drawing,
    topsOf(graph).map((to) => ({to})),
    '',
  )
  return drawing.lines
}

function drawBranches(
  drawing: Drawing,
  branches: readonly {readonly to: string; readonly edge?: DepsEdge}[],
  indent: string,
): void {
  const {graph, labels, missing, style, shown, lines} = drawing
  for (const [index, {to, edge}] of branches.entries()) {
    const last = index === branches.length - 1
    const again = shown.has(to)
    const notes = [...(edge ? edgeNotes(edge) : []), ...(missing.has(to) ? ['not in the file'] : [])]
    const words = [
      labels.get(to) ?? to,
      ...(notes.length > 0 ? [style.dim(`(${notes.join(', ')})`)] : []),
      ...(again ? [style.dim('…')] : []),
    ]
    lines.push(style.dim(`${indent}${last ? '└─' : '├─'} `) + words.join(' '))
    if (again) continue
    shown.add(to)
    const below = graph.edges.filter(({from}) => from === to)
    drawBranches(
      drawing,
      below.map((each) => ({to: each.to, edge: each})),
      `${indent}${last ? '   ' : '│  '}`,
    )
  }
}

/** Whom nobody needs; and of a circle, which edges of task types can make, its first. */
function topsOf({nodes, edges}: DepsGraph): readonly string[] {
  const below = new Map(nodes.map(({name}) => [name, edges.filter(({from}) => from === name).map(({to}) => to)]))
  const needed = new Set(edges.map(({to}) => to))
  const tops = nodes.flatMap(({name}) => (needed.has(name) ? [] : [name]))
  const reached = new Set([...tops, ...dependenciesOf(below, tops)])
  const circles = nodes.flatMap(({name}) => {
    if (reached.has(name)) return []
    for (const each of [name, ...dependenciesOf(below, [name])]) reached.add(each)
    return [name]
  })
  return [...tops, ...circles]
}
