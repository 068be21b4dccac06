import {printable} from '../core/base/printable.js'
import type {PluginProblem} from '../core/contract/catalogue.js'
import type {Style} from './style.js'

/** A plugin that was left out: why, and what to do about it. */
export function pluginProblemLines({message, hint}: PluginProblem, style: Style): readonly string[] {
  return [`${style.yellow('Warning:')} ${printable(message)}`, `  ${printable(hint)}`]
}
