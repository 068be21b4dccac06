import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkDependencies} from './check-dependencies.js'
import {checkReferences} from './check-references.js'
import {stackNodes} from './stack-graph.js'

/** What can be said of a definition without the plugins' schemas: its dependencies and references. Loads no schema compiler. */
export function checkGraph(
  definition: StackDefinition,
  options: {readonly catalogue?: Catalogue | undefined; readonly references?: boolean} = {},
): Diagnostic[] {
  const nodes = stackNodes(definition, options.catalogue)
  const references = options.references === false ? [] : checkReferences(nodes, options.catalogue)
  return [...checkDependencies(nodes, options.catalogue), ...references]
}
