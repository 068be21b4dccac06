import {HarnessError} from '../core/base/errors.js'
import {secretVariables} from '../core/config/variables.js'
import {didYouMean} from '../core/config/suggest.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {loadOptions} from './read-stack.js'
import {tableLines, type Column} from './table.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface VariablesWish {
  readonly choice: StackChoiceFlags
  readonly names: readonly string[]
}

interface Variable {
  readonly name: string
  /** `null` when it is not set: a default, or an empty text, takes its place. */
  readonly value: string | null
  /** `daemon`: it came to this when the daemon loaded the stack. */
  readonly from: '.env' | 'daemon' | 'environment' | null
}

/** `harness env get`: the variables that the stack files refer to, and nothing else of the environment. */
export async function showVariables(host: Host, wish: VariablesWish): Promise<void> {
  const {terminal} = host
  const known = host.remote !== undefined || wish.choice.stack !== undefined
  const variables = known ? await variablesOfStack(host, wish) : await variablesOfFiles(wish)
  if (terminal.json) terminal.data({variables})
  else if (variables.length === 0) terminal.out('The stack files refer to no variables.')
  else for (const line of tableLines(variables, columns, terminal.style.dim)) terminal.out(line)
}

async function variablesOfStack(host: Host, {choice, names}: VariablesWish): Promise<readonly Variable[]> {
  return withDaemon(host, async (client) => {
    const stack = await askStack(client, choice, host.terminal)
    const {variables} = await client.call('env.get', {stack, names})
    return variables.map(({name, value, secret}): Variable => {
      if (secret) return {name, value: '***', from: null}
      return {name, value, from: value === null ? null : 'daemon'}
    })
  })
}

async function variablesOfFiles({choice, names}: VariablesWish): Promise<readonly Variable[]> {
  const {inspectStack} = await import('../core/config/inspect-stack.js')
  const options = loadOptions(choice)
  const {definition, asked, dotenv} = await inspectStack(options)
  const secret = secretVariables(definition ?? {})
  const known = [...new Set([...asked.keys(), ...secret])].sort()
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw notReferred(unknown, known)
  return (names.length === 0 ? known : names).map((name): Variable => {
    const found = lookUp(name, {env: options.env, dotenv})
    return secret.has(name) && found.value !== null ? {...found, value: '***'} : found
  })
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
