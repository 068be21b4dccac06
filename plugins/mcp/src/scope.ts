import path from 'node:path'
import type {HarnessClient, LentClient, ResultOf, StackFlags} from '@service-harness/cli/plugin'

type Opened = Awaited<ReturnType<LentClient['openStack']>>
type Stacks = ResultOf<'stack.list'>['stacks']

/** Which stacks the tools are about. */
export interface Scope {
  /** Each tool names its stack: there may be several. */
  readonly isOpen: boolean
  /** The stack that a tool is about. */
  stackOf(args: {readonly stack?: unknown}): string
  /** Makes it known as its file is now, for a start. */
  open(args: {readonly stack?: unknown}): Promise<Opened>
  stacks(client: HarnessClient): Promise<Stacks>
}

/** The one stack that the flags choose, else all of the daemon. */
export async function openScope(lent: LentClient, only: StackFlags | undefined): Promise<Scope> {
  return only === undefined ? allStacks(lent) : oneStack(lent, only)
}

function allStacks(lent: LentClient): Scope {
  // What is no text is for the daemon to refuse.
  const stackOf = ({stack}: {readonly stack?: unknown}) => stack as string
  return {
    isOpen: true,
    stackOf,
    async open(args) {
      const stack = stackOf(args)
      return lent.openStack(typeof stack === 'string' && path.isAbsolute(stack) ? {config: [stack]} : {stack})
    },
    async stacks(client) {
      return (await client.stack.list()).stacks
    },
  }
}

async function oneStack(lent: LentClient, flags: StackFlags): Promise<Scope> {
  const {stack} = await lent.client.service.status({stack: await lent.findStack(flags)})
  // A file whose stack is called otherwise than before is another stack.
  let id = stack
  return {
    isOpen: false,
    stackOf: () => id,
    async open() {
      const opened = await lent.openStack(flags.stack === undefined ? flags : {stack: id})
      id = opened.stack
      return opened
    },
    async stacks(client) {
      return (await client.stack.list()).stacks.filter((each) => each.stack === id)
    },
  }
}
