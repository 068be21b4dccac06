import type {Client} from '../core/client/client.js'
import type {StackSummary} from '../core/protocol/methods.js'
import {chooseStack, knownStack, type StackChoice} from './choose-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {formerStackLines} from './former-stacks.js'
import type {Terminal} from './terminal.js'

/** The stack that the flags choose among those of the daemon; an error when there is none. */
export async function askStack(client: Client, flags: StackChoiceFlags, terminal: Terminal): Promise<string> {
  return knownStack(await findStack(client, flags, terminal))
}

/** The same, for commands to which an unknown stack is one that does not run. Says what still runs under an earlier name of it. */
export async function findStack(client: Client, flags: StackChoiceFlags, terminal: Terminal): Promise<StackChoice> {
  let stacks: readonly StackSummary[] = []
  const choice = await chooseStack(flags, process.cwd(), async () => {
    stacks = (await client.call('stack.list', {})).stacks
    return stacks
  })
  if (choice.known) for (const line of formerStackLines(stacks, choice.stack)) terminal.warn(line)
  return choice
}
