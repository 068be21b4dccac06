import {HarnessError} from '../core/base/errors.js'
import type {Client} from '../core/client/client.js'
import {stackFileNames} from '../core/config/find-stack-file.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {readStack, readStackIfAny, sendStack} from './read-stack.js'
import type {Terminal} from './terminal.js'

/** Reads the stack file that is asked for; CONFIG_NOT_FOUND where there is none. */
export async function readStackFile(choice: StackChoiceFlags, terminal: Terminal): Promise<LoadedStack> {
  const loaded = await readStackIfAny(choice, terminal)
  if (loaded) return loaded
  throw new HarnessError('CONFIG_NOT_FOUND', {
    subject: process.cwd(),
    reason: `neither there nor in a folder above is one of ${stackFileNames.join(', ')}`,
  })
}

/** A stack that the daemon knows now. */
export interface OpenedStack {
  /** Its id. */
  readonly stack: string
  /** What was read of its file, where one was. */
  readonly loaded: LoadedStack | undefined
}

interface How {
  readonly choice: StackChoiceFlags
  readonly terminal: Terminal
}

/** What was read, made known to the daemon, else the stack that the flags choose among those it knows. */
export async function openStack(client: Client, loaded: LoadedStack | undefined, how: How): Promise<OpenedStack> {
  if (loaded === undefined) return {stack: await askStack(client, how.choice, how.terminal), loaded}
  const current = await asItRuns(client, loaded, how)
  return {stack: await sendStack(client, current, how.terminal), loaded: current}
}

/** Nobody means to change what runs in one environment to another by leaving a flag out. */
async function asItRuns(client: Client, loaded: LoadedStack, {choice, terminal}: How): Promise<LoadedStack> {
  if (choice.env !== undefined || loaded.environments.length === 0) return loaded
  const {stacks} = await client.call('stack.list', {})
  const env = stacks.find(({file, running}) => running > 0 && file === loaded.definition.file)?.environment
  if (env === undefined || !loaded.environments.includes(env)) return loaded
  terminal.note(`Read with --env ${env}, as it was started. To leave it, stop the stack first, or name another one.`)
  return readStack({...choice, env}, terminal)
}
