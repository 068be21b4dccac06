import type {Clock} from '../base/clock.js'
import {type Log, silentLog} from '../base/log.js'
import type {Catalogue} from '../contract/catalogue.js'
import type {Layer} from '../contract/layer.js'
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
import {type ThreadWatch, unwatched} from './thread-watch.js'

export interface CollectOptions {
  readonly clock: Clock
  /** How long one plugin may take to load. After one that did not come to an end those that follow have half of that. @default 10_000 */
  readonly deadlineMs?: number
  /** Ends what never gives the thread back. Opened only when there are plugins of the user. @default nothing does */
  readonly watch?: () => ThreadWatch
  /** Called only for plugins that bring executors. `pluginName` is the package; `layer` finds a layer once all are loaded. */
  readonly servicesFor: (pluginName: string, layer: FindLayer) => PluginServices
  readonly log?: Log
}

export type FindLayer = (kind: string) => Layer | undefined

/**
 * Collects what all plugins bring: load, check, order, settle conflicts, seal. A user plugin that cannot be used is left out and stands
 * in `problems`; a core plugin that cannot is thrown as PLUGIN_FAILED, PLUGIN_API or PLUGIN_CONFLICT, because harness is then not whole.
 */
export async function collectPlugins(sources: readonly PluginSource[], options: CollectOptions): Promise<Catalogue> {
  const {log = silentLog, servicesFor} = options
  const done: {catalogue?: Catalogue} = {}
  const layer: FindLayer = (kind) => done.catalogue?.layer(kind)
  const lend = (name: string): PluginServices => servicesFor(name, layer)
  const sifted = sift(await loadAll(inOrder(sources), {...options, servicesFor: lend}))
  for (const failure of sifted.failures) if (failure.source.kind === 'core') throw failure.error
  for (const {source, error} of sifted.failures) {
    log.warn(error.message, {plugin: source.name, code: error.code, hint: error.hint})
  }
  const catalogue = sealCatalogue(sifted)
  done.catalogue = catalogue
  return catalogue
}

interface Loading extends Omit<CollectOptions, 'servicesFor'> {
  readonly servicesFor: (pluginName: string) => PluginServices
}

/** Those of the user one by one: so it is known whose code it is that does not come to an end, and no other waits for it meanwhile. */
async function loadAll(
  sources: readonly PluginSource[],
  {clock, servicesFor, deadlineMs: longestMs = 10_000, watch: open = () => unwatched}: Loading,
): Promise<readonly (CollectedPlugin | PluginFailure)[]> {
  using _guard = guardExit()
  const [core, others] = [sources.filter(isCore), sources.filter((source) => !isCore(source))]
  const loaded: (CollectedPlugin | PluginFailure)[] = await Promise.all(
    core.map((source) => loadPlugin(source, {clock, servicesFor, deadlineMs: longestMs})),
  )
  using watch = others.length === 0 ? unwatched : open()
  let deadlineMs = longestMs
  for (const source of others) {
    const began = clock.monotonic()
    loaded.push(await loadPlugin(source, {clock, servicesFor, deadlineMs, watch}))
    // Whoever waits for all of them waits for twice the longest at most.
    if (clock.monotonic() - began >= deadlineMs) deadlineMs = Math.ceil(deadlineMs / 2)
  }
  return loaded
}

function isCore({kind}: PluginSource): boolean {
  return kind === 'core'
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
