import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkDependencies} from './check-dependencies.js'
import {checkReferences} from './check-references.js'
import {stackNodes} from './stack-graph.js'
import {nothingUnsure, type Unsure} from './unsure.js'

/** What can be said of a definition without the plugins' schemas: its dependencies and references. Loads no schema compiler. */
export function checkGraph(
  definition: StackDefinition,
  options: {readonly catalogue?: Catalogue | undefined; readonly unsure?: Unsure | undefined} = {},
): Diagnostic[] {
  const {catalogue, unsure = nothingUnsure} = options
  if (unsure.names) return []
  const nodes = stackNodes(definition, catalogue)
  return [...checkDependencies(nodes, catalogue), ...checkReferences(nodes, {catalogue, unsure})]
}
