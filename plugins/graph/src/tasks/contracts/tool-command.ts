import {readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Wire} from '../../shared/http.js'
import {findBinary} from '../../shared/launch/find-binary.js'
import {accountsOf, type Chain} from '../shared/chain.js'
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
    ETHEREUM_URL: url,
    ETH_RPC_URL: url,
    RPC_URL: url,
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

/** forge signs with the first account of the chain, which the node holds the key of. */
async function forge(job: Job, failing: Failing & {readonly wire: Wire}): Promise<Command> {
  const {chain, directory, input} = job
  const [account] = await accountsOf(chain, failing.wire)
  if (account === undefined) {
    const reason = `the chain at ${chain.url} holds no account that forge could deploy with`
    throw taskFailed(failing, reason, 'Say in `command` how to run forge, with a key of yours.')
  }
  const signing = ['--broadcast', '--rpc-url', chain.url, '--unlocked']
  const {contract, args = []} = input
  const words =
    contract === undefined
      ? ['script', await forgeScript(job, failing), ...signing, '--sender', account]
      : [
          'create',
          contract,
          ...signing,
          '--from',
          account,
          ...(args.length === 0 ? [] : ['--constructor-args', ...args]),
        ]
  const program = findBinary({name: 'forge', packages: forgePackages()}, directory) ?? 'forge'
  return {
    program,
    args: words,
    install: 'Run `npm install --save-dev @foundry-rs/forge`, or see https://getfoundry.sh.',
  }
}

/** The wrapper of the package only starts the one for the platform. */
function forgePackages(): readonly {readonly name: string; readonly file: string}[] {
  const {platform, arch} = process
  const processor = arch === 'x64' ? 'amd64' : arch
  return [{name: `@foundry-rs/forge-${platform}-${processor}`, file: 'bin/forge'}]
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
