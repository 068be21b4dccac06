import type {Interfaces} from '@oclif/core'
import {errorTable} from '../core/base/error-table.js'
import {silentLog} from '../core/base/log.js'
import type {FoundProblems} from '../core/config/find-problems.js'
import type {Catalogue} from '../core/contract/catalogue.js'
import type {StackDefinition} from '../core/contract/stack.js'
import {diagnosticData, diagnosticLines} from './diagnostic-lines.js'
import type {StackChoiceFlags} from './flags.js'
import {pluginProblemLines} from './plugin-problem-lines.js'
import {loadOptions} from './read-stack.js'
import type {Terminal} from './terminal.js'

export interface ValidateWish {
  readonly choice: StackChoiceFlags
  readonly strict: boolean
  readonly config: Interfaces.Config
}

/** `harness validate`: answers the exit code. */
export async function validateStack(terminal: Terminal, wish: ValidateWish): Promise<number> {
  const {findProblems} = await import('../core/config/find-problems.js')
  const {strict} = wish
  const found = await findProblems(loadOptions(wish.choice), () => catalogueOf(wish, terminal), {strict})
  const {problems} = found
  const errors = problems.filter(({severity}) => severity === 'error').length
  const valid = errors === 0
  if (terminal.json) terminal.data({valid, diagnostics: problems.map(diagnosticData)})
  else {
    for (const line of await diagnosticLines(problems, terminal)) terminal.warn(line)
    const {green, red} = terminal.style
    if (valid) terminal.out(`${green('✔')} ${summaryOf(found, wish)}`)
    else terminal.out(`${red('✖')} ${errors} ${errors === 1 ? 'error' : 'errors'}.`)
  }
  return valid ? 0 : errorTable.CONFIG_INVALID.exit
}

async function catalogueOf({config}: ValidateWish, terminal: Terminal): Promise<Catalogue> {
  const {loadCatalogue} = await import('./load-catalogue.js')
  const catalogue = await loadCatalogue(config, silentLog)
  for (const problem of catalogue.problems)
    for (const line of pluginProblemLines(problem, terminal.style)) terminal.warn(line)
  return catalogue
}

/** One sentence about a valid file. */
function summaryOf({inspected}: FoundProblems, {choice}: ValidateWish): string {
  const {definition, environments} = inspected
  if (definition === undefined) return ''
  const parts = [countOf(definition, 'services'), countOf(definition, 'tasks')]
  const also = choice.env === undefined && environments.length > 0 ? `; also with ${environments.join(', ')}` : ''
  const as = choice.env === undefined ? '' : ` as ${choice.env}`
  return `${definition.name} is valid${as}: ${parts.join(', ')}${also}.`
}

function countOf(definition: StackDefinition, part: 'services' | 'tasks'): string {
  const count = Object.keys(definition[part]).length
  return `${count} ${count === 1 ? part.slice(0, -1) : part}`
}
