import type {Log} from '../base/log.js'
import {messageOf} from '../base/errors.js'
import type {Catalogue, LoadedPlugin, PluginChange} from '../contract/catalogue.js'
import {pluginChanges} from '../plugin/plugin-changes.js'

/** How the plugins that are installed differ from those that a daemon has loaded, looked up each time. Each difference is logged when it is first seen. */
export function watchPlugins({
  catalogue,
  findPlugins,
  log,
}: {
  readonly catalogue: Catalogue
  readonly findPlugins: (() => Promise<readonly LoadedPlugin[]>) | undefined
  readonly log: Log
}): () => Promise<readonly PluginChange[]> {
  const loaded = [...catalogue.plugins, ...catalogue.problems]
  let logged = '[]'
  return async () => {
    if (findPlugins === undefined) return []
    try {
      const changes = pluginChanges(loaded, await findPlugins())
      const text = JSON.stringify(changes)
      if (text !== logged) log.warn('plugins have changed since this daemon started', {changes})
      logged = text
      return changes
    } catch (error) {
      log.warn('the installed plugins cannot be read', {error: messageOf(error)})
      return []
    }
  }
}
