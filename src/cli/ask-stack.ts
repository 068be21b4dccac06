import type {Client} from '../core/client/client.js'
import {chooseStack, knownStack, type StackChoice} from './choose-stack.js'
import type {StackChoiceFlags} from './flags.js'

/** The stack that the flags choose among those of the daemon; an error when there is none. */
export async function askStack(client: Client, flags: StackChoiceFlags): Promise<string> {
  return knownStack(await findStack(client, flags))
}

/** The same, for commands to which an unknown stack is one that does not run. */
export function findStack(client: Client, flags: StackChoiceFlags): Promise<StackChoice> {
  return chooseStack(flags, process.cwd(), async () => (await client.call('stack.list', {})).stacks)
}
