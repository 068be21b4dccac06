import type {Clock} from '../base/clock.js'
import {type Log, silentLog} from '../base/log.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {PluginServices} from '../contract/services.js'
import type {CollectedPlugin} from './collected-plugin.js'
import {siftConflicts} from './conflicts.js'
import {guardExit} from './guard-exit.js'
import {loadPlugin} from './load-plugin.js'
import type {PluginFailure} from './plugin-failure.js'
import type {PluginSource} from './plugin-source.js'
import {siftRequirements} from './requirements.js'
import {sealCatalogue} from './seal-catalogue.js'
import type {Sifted} from './sifted.js'

export interface CollectOptions {
  readonly clock: Clock
  /** How long one plugin may take to load. @default 10_000 */
  readonly deadlineMs?: number
  /** Called only for plugins that bring executors. `pluginName` is the package. */
  readonly servicesFor: (pluginName: string) => PluginServices
  readonly log?: Log
}

/**
 * Collects what all plugins bring: load, check, order, settle conflicts, seal. A user plugin that cannot be used is left out and stands
 * in `problems`; a core plugin that cannot is thrown as PLUGIN_FAILED, PLUGIN_API or PLUGIN_CONFLICT, because harness is then not whole.
 */
export async function collectPlugins(sources: readonly PluginSource[], options: CollectOptions): Promise<Catalogue> {
  const {clock, deadlineMs = 10_000, servicesFor, log = silentLog} = options
  const load = (source: PluginSource) => loadPlugin(source, {clock, deadlineMs, servicesFor})
  const loaded = await loadAll(inOrder(sources), load)
  const sifted = sift(loaded)
  for (const failure of sifted.failures) if (failure.source.kind === 'core') throw failure.error
  for (const {source, error} of sifted.failures) {
    log.warn(error.message, {plugin: source.name, code: error.code, hint: error.hint})
  }
  return sealCatalogue(sifted)
}

async function loadAll<T>(sources: readonly PluginSource[], load: (source: PluginSource) => Promise<T>): Promise<T[]> {
  using _guard = guardExit()
  return await Promise.all(sources.map(load))
}

/** Core first, then by name: what oclif hands out is in another order from run to run. */
function inOrder(sources: readonly PluginSource[]): readonly PluginSource[] {
  const rank = ({kind}: PluginSource): number => (kind === 'core' ? 0 : 1)
  return [...sources].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** Requirements come twice: a plugin that loses a conflict may leave others without what they need. */
function sift(loaded: readonly (CollectedPlugin | PluginFailure)[]): Sifted {
  const broken = loaded.filter((item): item is PluginFailure => 'error' in item)
  const whole = siftRequirements(loaded.filter((item): item is CollectedPlugin => !('error' in item)))
  const clear = siftConflicts(whole.kept)
  const left = siftRequirements(clear.kept)
  return {kept: left.kept, failures: [...broken, ...whole.failures, ...clear.failures, ...left.failures]}
}
