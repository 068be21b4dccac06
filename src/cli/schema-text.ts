import type {Interfaces} from '@oclif/core'
import {jsonText} from '../core/base/json.js'
import {silentLog} from '../core/base/log.js'
import type {Extent} from '../core/config/schema/map-definition.js'
import {pluginProblemLines} from './plugin-problem-lines.js'
import type {Terminal} from './terminal.js'

/** The JSON Schema of the stack file with the types of all plugins that are installed. Says which plugins it had to leave out. */
export async function schemaText(
  terminal: Terminal,
  {config, extent}: {readonly config: Interfaces.Config; readonly extent: Extent},
): Promise<string> {
  const [{loadCatalogue}, {stackSchema}] = await Promise.all([
    import('./load-catalogue.js'),
    import('../core/config/schema/stack-schema.js'),
  ])
  const catalogue = await loadCatalogue(config, silentLog)
  for (const problem of catalogue.problems)
    for (const line of pluginProblemLines(problem, terminal.errorStyle)) terminal.warn(line)
  return `${jsonText(stackSchema(catalogue, extent), 2)}\n`
}
