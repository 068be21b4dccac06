import type {Catalogue} from '../contract/catalogue.js'
import type {Diagnostic} from '../contract/diagnostic.js'
import type {StackDefinition} from '../contract/stack.js'
import {checkDependencies} from './check-dependencies.js'
import {checkNetworks} from './check-networks.js'
import {checkNodeAddresses} from './check-node-addresses.js'
import {checkOverlaps} from './check-overlaps.js'
import {checkProbes} from './check-probes.js'
import {checkReferences} from './check-references.js'
import {checkReplicas} from './check-replicas.js'
import {checkWatches} from './check-watches.js'
import {stackNodes} from './stack-graph.js'
import {nothingUnsure, type Unsure} from './unsure.js'

/** What can be said of a definition without the plugins' schemas: its dependencies, references, replicas and patterns. Loads no schema compiler. */
export function checkGraph(
  definition: StackDefinition,
  options: {readonly catalogue?: Catalogue | undefined; readonly unsure?: Unsure | undefined} = {},
): Diagnostic[] {
  const {catalogue, unsure = nothingUnsure} = options
  const nodes = stackNodes(definition, catalogue)
  const alone = [...checkProbes(nodes), ...checkReplicas(nodes), ...checkOverlaps(definition)]
  if (unsure.names) return alone
  return [
    ...alone,
    ...checkDependencies(nodes, catalogue),
    ...checkWatches(nodes),
    ...checkReferences(nodes, {catalogue, unsure, secrets: Object.keys(definition.secrets ?? {})}),
    ...checkNetworks(definition),
    ...checkNodeAddresses(definition),
  ]
}
