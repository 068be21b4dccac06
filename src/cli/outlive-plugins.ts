import {messageOf} from '../core/base/errors.js'
import {printable} from '../core/base/printable.js'
import {whoIs} from '../core/plugin/blame.js'
import {outlivePlugins, type StrayError} from '../core/plugin/outlive-plugins.js'
import type {PluginSource} from '../core/plugin/plugin-source.js'

/**
 * For the rest of a command that has loaded plugins of the user: what one of them does wrong later is a warning, once for each. Any other error ends
 * the process as ever.
 */
export function outliveInCommand(sources: readonly PluginSource[]): void {
  if (sources.every(({kind}) => kind === 'core')) return
  const told = new Set<PluginSource>()
  outlivePlugins(sources, ({error, plugin}) => {
    if (plugin === undefined) endWith(error)
    else if (!told.has(plugin)) {
      told.add(plugin)
      process.stderr.write(warning(error, plugin))
    }
  })
}

function endWith(error: StrayError['error']): never {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}\n`)
  process.exit(1)
}

function warning(error: unknown, plugin: PluginSource): string {
  const what = `Warning: ${whoIs(plugin)} failed after it was loaded: ${messageOf(error).replace(/\.$/, '')}.`
  return `${printable(what)}\n  Update it with \`harness plugins update\`, or run \`harness plugins uninstall ${plugin.name}\`.\n`
}
