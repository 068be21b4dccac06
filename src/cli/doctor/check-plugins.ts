import type {Interfaces} from '@oclif/core'
import {silentLog} from '../../core/base/log.js'
import type {Catalogue} from '../../core/contract/catalogue.js'
import {loadCatalogue} from '../load-catalogue.js'
import {broken, brokenBy, ok, type Verdict} from './finding.js'
import type {ErrorCode} from '../../core/base/error-table.js'

export interface PluginsFound {
  readonly catalogue: Catalogue | undefined
  readonly verdicts: readonly Verdict[]
}

/** Loads all plugins as the daemon does. */
export async function checkPlugins(config: Interfaces.Config): Promise<PluginsFound> {
  try {
    const catalogue = await loadCatalogue(config, silentLog)
    const names = catalogue.plugins.map(({name, version}) => `${name} ${version}`)
    const problems = catalogue.problems.map(({code, message, hint}) => broken(code as ErrorCode, message, hint))
    return {catalogue, verdicts: [ok(names.join(', ')), ...problems]}
  } catch (error) {
    return {catalogue: undefined, verdicts: [brokenBy(error)]}
  }
}
