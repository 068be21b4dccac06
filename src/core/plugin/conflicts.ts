import type {CollectedPlugin} from './collected-plugin.js'
import {type PluginFailure, pluginFailure} from './plugin-failure.js'
import type {Sifted} from './sifted.js'
import {typeNames} from './type-names.js'

/**
 * Takes out plugins that bring what another brings too. A core plugin wins over a user's; of two users' neither stays, so that what a stack
 * file means never depends on an order. A plugin goes as a whole: half of one is a surprise. What was beaten by core fights no one else.
 */
export function siftConflicts(plugins: readonly CollectedPlugin[]): Sifted {
  const failures = new Map<CollectedPlugin, PluginFailure>()
  const claims = claimsOf(plugins)
  for (const [claim, owners] of claims) {
    const core = owners.filter(({source}) => source.kind === 'core')
    if (core.length === 0) continue
    for (const loser of owners.filter((owner) => owner !== core[0])) {
      addFailure(failures, claim, [...core, loser], loser)
    }
  }
  const beaten = new Set(failures.keys())
  for (const [claim, owners] of claims) {
    const rivals = owners.filter((owner) => !beaten.has(owner))
    if (rivals.length > 1) for (const loser of rivals) addFailure(failures, claim, rivals, loser)
  }
  return {kept: plugins.filter((plugin) => !failures.has(plugin)), failures: [...failures.values()]}
}

/** Who brings what: `executor 'process'` and its owners. */
function claimsOf(plugins: readonly CollectedPlugin[]): ReadonlyMap<string, readonly CollectedPlugin[]> {
  const claims = new Map<string, CollectedPlugin[]>()
  for (const plugin of plugins) {
    for (const [sort, names] of typeNames(plugin)) {
      for (const name of names) {
        const claim = `${sort} ${name}`
        claims.set(claim, [...(claims.get(claim) ?? []), plugin])
      }
    }
  }
  return claims
}

/** One reason a plugin is enough. */
function addFailure(
  failures: Map<CollectedPlugin, PluginFailure>,
  claim: string,
  owners: readonly CollectedPlugin[],
  loser: CollectedPlugin,
): void {
  if (failures.has(loser)) return
  const names = [...new Set(owners)].map(({source}) => `'${source.name}' ${source.version} (${source.kind})`)
  const winner = owners.find((owner) => owner !== loser && owner.source.kind === 'core')
  const outcome = winner === undefined ? 'none of them is loaded' : `'${winner.source.name}' wins`
  const reason = `it comes from ${names.join(' and ')}; ${outcome}`
  failures.set(loser, pluginFailure(loser.source, 'PLUGIN_CONFLICT', {subject: claim, reason}))
}
