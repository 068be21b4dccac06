import {HarnessError} from '../core/base/errors.js'
import {didYouMean} from '../core/config/suggest.js'
import type {StackChoiceFlags} from './flags.js'
import {loadOptions} from './read-stack.js'
import {tableLines, type Column} from './table.js'
import type {Terminal} from './terminal.js'

interface Variable {
  readonly name: string
  /** `null` when it is not set: a default, or an empty text, takes its place. */
  readonly value: string | null
  readonly from: '.env' | 'environment' | null
}

/** `harness env get`: the variables that the stack files refer to, and nothing else of the environment. */
export async function showVariables(
  terminal: Terminal,
  {choice, names}: {readonly choice: StackChoiceFlags; readonly names: readonly string[]},
): Promise<void> {
  const {inspectStack} = await import('../core/config/inspect-stack.js')
  const options = loadOptions(choice)
  const {definition, asked, dotenv} = await inspectStack(options)
  const secret = new Set(
    Object.values(definition?.secrets ?? {}).flatMap((source) => ('env' in source ? [source.env] : [])),
  )
  const known = [...new Set([...asked, ...secret])].sort()
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw notReferred(unknown, known)
  const variables = (names.length === 0 ? known : names).map((name): Variable => {
    const found = lookUp(name, {env: options.env, dotenv})
    return secret.has(name) && found.value !== null ? {...found, value: '***'} : found
  })
  if (terminal.json) terminal.data({variables})
  else if (variables.length === 0) terminal.out('The stack files refer to no variables.')
  else for (const line of tableLines(variables, columns, terminal.style.dim)) terminal.out(line)
}

function lookUp(
  name: string,
  {
    env,
    dotenv,
  }: {readonly env: Readonly<Record<string, string | undefined>>; readonly dotenv: ReadonlyMap<string, string>},
): Variable {
  const given = Object.hasOwn(env, name) ? env[name] : undefined
  if (given !== undefined) return {name, value: given, from: 'environment'}
  const value = dotenv.get(name)
  return value === undefined ? {name, value: null, from: null} : {name, value, from: '.env'}
}

const columns: readonly Column<Variable>[] = [
  {title: 'VARIABLE', cell: ({name}) => name},
  {title: 'FROM', cell: ({from}) => from ?? 'not set'},
  {title: 'VALUE', cell: ({value}) => value ?? ''},
]

function notReferred(name: string, known: readonly string[]): HarnessError {
  const near = didYouMean(name, known)
  const hint = near === undefined ? 'Run `harness env get` to see those that are referred to.' : near.replace(/^d/, 'D')
  return new HarnessError('USAGE', {subject: name, reason: 'the stack files do not refer to this variable', hint})
}
