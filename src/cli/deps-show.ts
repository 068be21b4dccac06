import type {Interfaces} from '@oclif/core'
import {silentLog} from '../core/base/log.js'
import type {StackDefinition} from '../core/contract/stack.js'
import {depsDot} from './deps-dot.js'
import {depsGraph, type DepsGraph} from './deps-graph.js'
import {depsMermaid} from './deps-mermaid.js'
import {depsTree} from './deps-tree.js'
import {diagnosticLines} from './diagnostic-lines.js'
import type {StackChoiceFlags} from './flags.js'
import {loadOptions} from './read-stack.js'
import type {Terminal} from './terminal.js'

/** How the graph can be written; the first is the default. */
export const depsFormats = ['tree', 'mermaid', 'dot', 'json'] as const

export interface DepsWish {
  readonly choice: StackChoiceFlags
  readonly format: (typeof depsFormats)[number]
  readonly config: Interfaces.Config
}

/** `harness deps`. */
export async function showDeps(terminal: Terminal, {choice, format, config}: DepsWish): Promise<void> {
  const {loadStack} = await import('../core/config/load-stack.js')
  const {definition, warnings} = await loadStack(loadOptions(choice))
  if (!terminal.quiet) for (const line of await diagnosticLines(warnings, terminal)) terminal.warn(line)
  const graph = await graphOf(definition, config)
  if (format === 'json') terminal.data({nodes: graph.nodes, edges: graph.edges})
  else for (const line of linesOf(graph, format, terminal)) terminal.out(line)
}

/** Plugins are asked only where the stack has tasks of theirs, which may depend on more than the file says. */
async function graphOf(definition: StackDefinition, config: Interfaces.Config): Promise<DepsGraph> {
  if (Object.values(definition.tasks).every(({taskType}) => taskType === 'command')) return depsGraph(definition)
  const {loadCatalogue} = await import('./load-catalogue.js')
  return depsGraph(definition, await loadCatalogue(config, silentLog))
}

function linesOf(graph: DepsGraph, format: 'dot' | 'mermaid' | 'tree', {style}: Terminal): readonly string[] {
  if (format === 'tree') return depsTree(graph, style)
  return format === 'dot' ? depsDot(graph) : depsMermaid(graph)
}
