import type {PluginServices, TaskType} from '@service-harness/cli/plugin'
import {graphContracts} from './contracts/graph-contracts.js'

/** All task types of the plugin. */
export function taskTypes(services: PluginServices): readonly TaskType[] {
  return [graphContracts(services)]
}
