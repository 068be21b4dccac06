import type {CollectedPlugin} from './collected-plugin.js'
import {type PluginFailure, pluginFailure} from './plugin-failure.js'
import type {Sifted} from './sifted.js'

/** Takes out plugins that need one which is not there, and then those that needed these. */
export function siftRequirements(plugins: readonly CollectedPlugin[]): Sifted {
  const failures: PluginFailure[] = []
  let kept = plugins
  for (let before = -1; before !== kept.length;) {
    before = kept.length
    const present = new Set(kept.flatMap(({name, source}) => [name, source.name]))
    kept = kept.filter((plugin) => {
      const missing = plugin.requires.filter((name) => !present.has(name))
      if (missing.length > 0) failures.push(missingFailure(plugin, missing))
      return missing.length === 0
    })
  }
  return {kept, failures}
}

function missingFailure({source}: CollectedPlugin, missing: readonly string[]): PluginFailure {
  const names = missing.map((name) => `'${name}'`).join(', ')
  return pluginFailure(source, 'PLUGIN_FAILED', {
    reason: `it requires ${names}, which ${missing.length === 1 ? 'is' : 'are'} not loaded`,
    hint: `Run \`harness plugins install ${missing.join(' ')}\`, or \`harness plugins uninstall ${source.name}\`.`,
  })
}
