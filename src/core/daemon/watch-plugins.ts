import type {Log} from '../base/log.js'
import {messageOf} from '../base/errors.js'
import type {Catalogue, InstalledPlugin, LoadedPlugin, PluginChange} from '../contract/catalogue.js'
import {pluginChanges} from '../plugin/plugin-changes.js'

/** How the plugins that are installed differ from those that a daemon has loaded, looked up each time. Each difference is logged when it is first seen. */
export function watchPlugins({
  catalogue,
  findPlugins,
  log,
}: {
  readonly catalogue: Catalogue
  readonly findPlugins: (() => Promise<readonly InstalledPlugin[]>) | undefined
  readonly log: Log
}): () => Promise<readonly PluginChange[]> {
  // As they are built now, just after they were loaded.
  const builds = findPlugins?.().catch(() => [])
  const loaded = builds?.then((found) => withBuilds([...catalogue.plugins, ...catalogue.problems], found))
  let logged = '[]'
  return async () => {
    if (findPlugins === undefined || loaded === undefined) return []
    try {
      const changes = pluginChanges(await loaded, await findPlugins())
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

function withBuilds(loaded: readonly LoadedPlugin[], found: readonly InstalledPlugin[]): readonly InstalledPlugin[] {
  const builds = new Map(found.map(({name, version, build}) => [`${name} ${version}`, build]))
  return loaded.map(({name, version, kind}) => {
    const build = builds.get(`${name} ${version}`)
    return {name, version, kind, ...(build !== undefined && {build})}
  })
}
