import type {PluginServices} from '@service-harness/cli/plugin'
import {openEngine, type Engine} from './engine/engine.js'
import {EngineMonitor} from './engine/monitor.js'
import {StackNetworks} from './networks.js'

/** What all containers of the engine share, whoever has made them. */
export interface Shared {
  readonly engine: Engine
  readonly monitor: EngineMonitor
  readonly services: PluginServices
  readonly networks: StackNetworks
}

/** Asks the engine nothing yet. */
export function share(services: PluginServices, engine: Engine = openEngine(services)): Shared {
  const monitor = new EngineMonitor(engine, services.log)
  return {engine, services, monitor, networks: new StackNetworks(engine)}
}
