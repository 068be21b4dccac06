import type {Interfaces} from '@oclif/core'
import {systemClock} from '../core/base/clock.js'
import type {Log} from '../core/base/log.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import {collectPlugins} from '../core/plugin/host.js'
import {createPluginServices} from '../core/plugin/plugin-services.js'
import {watchThread} from '../core/plugin/thread-watch.js'
import {lentServices} from '../core/process/lent.js'
import {outliveInCommand} from './outlive-plugins.js'
import {pluginSources} from './plugin-sources.js'

/** Collects all plugins that oclif knows, and lends their executors what they work with on this machine. */
export function loadCatalogue(config: Interfaces.Config, log: Log, env = process.env): Promise<Catalogue> {
  const directory = statePaths(stateDirectory()).plugins
  const lent = lentServices(systemClock)
  const sources = pluginSources(config, env)
  outliveInCommand(sources)
  return collectPlugins(sources, {
    clock: systemClock,
    log,
    watch: watchThread,
    servicesFor: (name, layer) => createPluginServices({name, stateDirectory: directory, log, lent, layer}),
  })
}
