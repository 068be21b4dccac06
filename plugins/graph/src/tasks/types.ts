import type {PluginServices, TaskType} from '@service-harness/cli/plugin'

/** All task types of the plugin. */
export function taskTypes(_services: PluginServices): readonly TaskType[] {
  return []
}
