import type {CollectedPlugin} from './collected-plugin.js'
import type {PluginFailure} from './plugin-failure.js'

/** Plugins that passed a check, in order, and those that did not. */
export interface Sifted {
  readonly kept: readonly CollectedPlugin[]
  readonly failures: readonly PluginFailure[]
}
