import type {LoadedPlugin, PluginChange} from '../contract/catalogue.js'

/**
 * What differs between the user plugins that a daemon has loaded, or tried to, and those that are installed now: by name. Core plugins come with
 * harness and are none of it.
 */
export function pluginChanges(
  loaded: readonly LoadedPlugin[],
  installed: readonly LoadedPlugin[],
): readonly PluginChange[] {
  const [before, now] = [versions(loaded), versions(installed)]
  return [...new Set([...before.keys(), ...now.keys()])]
    .map((name) => ({name, loaded: before.get(name) ?? null, installed: now.get(name) ?? null}))
    .filter((change) => change.loaded !== change.installed)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function versions(plugins: readonly LoadedPlugin[]): ReadonlyMap<string, string> {
  return new Map(plugins.filter(({kind}) => kind !== 'core').map(({name, version}) => [name, version]))
}
