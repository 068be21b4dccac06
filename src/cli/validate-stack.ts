import type {Interfaces} from '@oclif/core'
import {errorTable} from '../core/base/errors.js'
import {silentLog} from '../core/base/log.js'
import type {LocatedDiagnostic} from '../core/config/problems.js'
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
  const found = await findProblems(terminal, wish)
  const problems = wish.strict ? found.problems.map(strictly) : found.problems
  const errors = problems.filter(({severity}) => severity === 'error').length
  const valid = errors === 0
  if (terminal.json) terminal.data({valid, diagnostics: problems.map(diagnosticData)})
  else {
    for (const line of await diagnosticLines(problems, terminal)) terminal.warn(line)
    const {green, red} = terminal.style
    if (valid) terminal.out(`${green('✔')} ${found.summary}`)
    else terminal.out(`${red('✖')} ${errors} ${errors === 1 ? 'error' : 'errors'}.`)
  }
  return valid ? 0 : errorTable.CONFIG_INVALID.exit
}

interface Found {
  readonly problems: readonly LocatedDiagnostic[]
  /** One sentence about a valid file. */
  readonly summary: string
}

/** What the plugins know is asked of a file with errors too: all of them are told at once. */
async function findProblems(terminal: Terminal, {choice, config}: ValidateWish): Promise<Found> {
  const {inspectStack} = await import('../core/config/inspect-stack.js')
  const inspected = await inspectStack(loadOptions(choice))
  const {definition, problems} = inspected
  if (definition === undefined) return {problems, summary: ''}
  const [{loadCatalogue}, {checkInspected}] = await Promise.all([
    import('./load-catalogue.js'),
    import('../core/config/check-inspected.js'),
  ])
  const catalogue = await loadCatalogue(config, silentLog)
  for (const problem of catalogue.problems)
    for (const line of pluginProblemLines(problem, terminal.style)) terminal.warn(line)
  return {problems: checkInspected(inspected, catalogue), summary: summaryOf(definition)}
}

function strictly(diagnostic: LocatedDiagnostic): LocatedDiagnostic {
  return diagnostic.code === 'CONFIG_UNSET_VARIABLE' ? {...diagnostic, severity: 'error'} : diagnostic
}

function summaryOf(definition: StackDefinition): string {
  const services = Object.keys(definition.services).length
  const tasks = Object.keys(definition.tasks).length
  return `${definition.name} is valid: ${services} ${services === 1 ? 'service' : 'services'}, ${tasks} ${tasks === 1 ? 'task' : 'tasks'}.`
}
