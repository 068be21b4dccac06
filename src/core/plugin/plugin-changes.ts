import type {InstalledPlugin, PluginChange} from '../contract/catalogue.js'

/**
 * What differs between the user plugins that a daemon has loaded, or tried to, and those that are installed now: by name. Core plugins come with
 * harness and are none of it.
 */
export function pluginChanges(
  loaded: readonly InstalledPlugin[],
  installed: readonly InstalledPlugin[],
): readonly PluginChange[] {
  const [before, now] = [byName(loaded), byName(installed)]
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => isOther(before.get(name), now.get(name)))
    .map((name) => ({name, loaded: before.get(name)?.version ?? null, installed: now.get(name)?.version ?? null}))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function byName(plugins: readonly InstalledPlugin[]): ReadonlyMap<string, InstalledPlugin> {
  return new Map(plugins.filter(({kind}) => kind !== 'core').map((plugin) => [plugin.name, plugin]))
}

/** Builds are compared where both are known. */
function isOther(before: InstalledPlugin | undefined, now: InstalledPlugin | undefined): boolean {
  if (before?.version !== now?.version) return true
  return before?.build !== undefined && now?.build !== undefined && before.build !== now.build
}
