import {HarnessError} from '../core/base/errors.js'
import type {Client} from '../core/client/client.js'
import {stackFileNames} from '../core/config/find-stack-file.js'
import type {LoadedStack} from '../core/config/load-stack.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {readStackIfAny, sendStack} from './read-stack.js'
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

/** The id of the stack: of what was read, made known to the daemon, else of the one that the flags choose among those it knows. */
export function openStack(
  client: Client,
  loaded: LoadedStack | undefined,
  {choice, terminal}: {readonly choice: StackChoiceFlags; readonly terminal: Terminal},
): Promise<string> {
  return loaded ? sendStack(client, loaded, terminal) : askStack(client, choice, terminal)
}
