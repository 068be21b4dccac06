import type {PluginServices} from '@service-harness/cli/plugin'
import type {Agents} from './agent/agents.js'

/** What all services on other machines share. */
export interface Shared {
  readonly services: PluginServices
  readonly agents: Agents
}
