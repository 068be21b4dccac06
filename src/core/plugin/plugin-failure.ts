import {HarnessError} from '../base/errors.js'
import type {PluginSource} from './plugin-source.js'

type PluginCode = 'PLUGIN_API' | 'PLUGIN_CONFLICT' | 'PLUGIN_FAILED'

/** One plugin that cannot be used, and why. */
export interface PluginFailure {
  readonly source: PluginSource
  readonly error: HarnessError
}

/** Names the plugin, its version and kind, and the way out. `subject` is the plugin unless it is the type that is fought over. */
export function pluginFailure(
  source: PluginSource,
  code: PluginCode,
  info: {readonly reason: string; readonly subject?: string; readonly hint?: string; readonly cause?: unknown},
): PluginFailure {
  const error = new HarnessError(code, {
    subject: info.subject ?? source.name,
    reason: info.subject === undefined ? `version ${source.version} (${source.kind}): ${info.reason}` : info.reason,
    hint: info.hint ?? defaultHint(source),
    cause: info.cause,
  })
  return {source, error}
}

function defaultHint({kind, name}: PluginSource): string {
  if (kind === 'core') return 'It belongs to harness itself: install harness again.'
  return `Run \`harness plugins uninstall ${name}\`, or set HARNESS_NO_USER_PLUGINS=1 to load no user plugin at all.`
}
