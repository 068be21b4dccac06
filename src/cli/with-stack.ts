import type {Client} from '../core/client/client.js'
import {findStack} from './ask-stack.js'
import {missingFile} from './choose-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {withNeededDaemon, type Host} from './with-daemon.js'

export type StackEnd<T> =
  | {readonly found: true; readonly value: T}
  /** `said`: the sentence for people. */
  | {readonly found: false; readonly said: string}

/**
 * For commands to which a stack that is not known is one that does not run: works with the stack that the flags choose, where there is
 * something to work with. A file that was named and is neither there nor known is CONFIG_NOT_FOUND.
 */
export async function withStack<T>(
  host: Host,
  flags: StackChoiceFlags,
  work: (client: Client, stack: string) => Promise<T>,
): Promise<StackEnd<T>> {
  const end = await withNeededDaemon(host, async (client): Promise<StackEnd<T>> => {
    const choice = await findStack(client, flags, host.terminal)
    if (choice.known) return {found: true, value: await work(client, choice.stack)}
    return {found: false, said: choice.othersRun ? 'Nothing of this stack is running.' : 'Nothing is running.'}
  })
  if (end) return end
  const missing = await missingFile(flags, process.cwd())
  if (missing) {
    const {knowsStackOf} = await import('./journal.js')
    if (!(await knowsStackOf(missing.subject))) throw missing
  }
  return {found: false, said: 'Nothing is running.'}
}
