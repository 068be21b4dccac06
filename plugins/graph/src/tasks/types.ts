import type {PluginServices, TaskType} from '@service-harness/cli/plugin'
import {graphContracts} from './contracts/graph-contracts.js'
import {evmCommand} from './evm/evm-command.js'
import {subgraphDeploy} from './subgraph/subgraph-deploy.js'
import {tapContracts} from './tap/tap-contracts.js'

/** All task types of the plugin. */
export function taskTypes(services: PluginServices): readonly TaskType[] {
  return [evmCommand(services), graphContracts(services), subgraphDeploy(services), tapContracts(services)]
}
