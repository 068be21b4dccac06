import type {Interfaces} from '@oclif/core'
import {systemClock} from '../core/base/clock.js'
import type {Log} from '../core/base/log.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import {collectPlugins} from '../core/plugin/host.js'
import {createPluginServices, type PluginServicesOptions} from '../core/plugin/plugin-services.js'
import {pluginSources} from './plugin-sources.js'

/** Collects all plugins that oclif knows. `lent` is what their executors work with. */
export function loadCatalogue(
  config: Interfaces.Config,
  lent: Pick<PluginServicesOptions, 'follow' | 'runCommand'> & {readonly log: Log},
): Promise<Catalogue> {
  const directory = statePaths(stateDirectory()).plugins
  return collectPlugins(pluginSources(config), {
    clock: systemClock,
    log: lent.log,
    servicesFor: (name) => createPluginServices({name, stateDirectory: directory, ...lent}),
  })
}
