import {readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Wire} from '../../shared/http.js'
import type {Chain} from '../shared/chain.js'
import {chainVariables} from '../shared/chain-variables.js'
import {forgeCreate, forgeInstall, forgeSigning} from '../shared/forge.js'
import type {Tool} from '../shared/run-tool.js'
import {taskFailed, type Failing} from '../shared/task-error.js'
import type {ContractsInput, ToolName} from './input.js'

export interface Job {
  readonly tool: ToolName
  readonly input: ContractsInput
  readonly directory: string
  readonly chain: Chain
  /** What the tool remembers is of a chain that is no more. */
  readonly isStale: boolean
}

/** The command that does it, without a question to anybody. */
export async function toolCommand(job: Job, failing: Failing & {readonly wire: Wire}): Promise<Tool> {
  const {directory, chain, input} = job
  const {url} = chain
  const env = {
    ...chainVariables(url),
    HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
    HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'true',
    HARDHAT_IGNITION_CONFIRM_RESET: 'true',
    ...input.env,
  }
  return {...(await commandOf(job, failing)), env, cwd: directory}
}

type Command = Pick<Tool, 'args' | 'install' | 'program'>

async function commandOf(job: Job, failing: Failing & {readonly wire: Wire}): Promise<Command> {
  switch (job.tool) {
    case 'hardhat-deploy':
      return hardhat(job, ['deploy', ...(job.input.contract === undefined ? [] : ['--tags', job.input.contract])])
    case 'ignition':
      return hardhat(job, ['ignition', 'deploy', await ignitionModule(job, failing)])
    case 'forge':
      return forge(job, failing)
    case 'command':
      return ownCommand(job.input.command ?? ['npm', 'run', 'deploy'])
  }
}

function ownCommand([program = '', ...args]: readonly string[]): Command {
  return {program, args, install: 'Install it, or name it by its path in `command`.'}
}

function hardhat({input, isStale}: Job, words: readonly string[]): Command {
  return {
    program: 'hardhat',
    args: [...words, '--network', input.network ?? 'localhost', ...(isStale ? ['--reset'] : [])],
    install: 'Run `npm install` there, or `npm install --save-dev hardhat`.',
  }
}

async function ignitionModule({directory, input}: Job, failing: Failing): Promise<string> {
  if (input.script !== undefined) return input.script
  const folder = path.join('ignition', 'modules')
  const modules = (await filesOf(path.join(directory, folder))).filter((file) => /(?<!\.d)\.[cm]?[jt]s$/.test(file))
  const wanted = modules.filter((file) => input.contract === undefined || path.parse(file).name === input.contract)
  return path.join(folder, theOnly(wanted, {failing, what: 'module', where: path.join(directory, folder)}))
}

async function forge(job: Job, failing: Failing & {readonly wire: Wire}): Promise<Command> {
  const signing = await forgeSigning(job.chain, failing)
  const {contract, args = []} = job.input
  if (contract !== undefined) return forgeCreate({contract, args, signing})
  const words = ['script', await forgeScript(job, failing), ...signing.words, '--sender', signing.account]
  return {program: 'forge', args: words, install: forgeInstall}
}

async function forgeScript({directory, input}: Job, failing: Failing): Promise<string> {
  if (input.script !== undefined) return input.script
  const scripts = (await filesOf(path.join(directory, 'script'))).filter((file) => file.endsWith('.s.sol'))
  const main = scripts.filter((file) => file === 'Deploy.s.sol')
  const where = path.join(directory, 'script')
  return path.join('script', theOnly(main.length === 0 ? scripts : main, {failing, what: 'script', where}))
}

async function filesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort()
}

function theOnly(
  names: readonly string[],
  {failing, what, where}: {readonly failing: Failing; readonly what: string; readonly where: string},
): string {
  const [only] = names
  if (only !== undefined && names.length === 1) return only
  const found =
    only === undefined ? `there is no ${what} in ${where}` : `there are several in ${where}: ${names.join(', ')}`
  throw taskFailed(failing, found, 'Say which one in `script`.')
}
