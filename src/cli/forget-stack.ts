import {newId} from '../core/base/ids.js'
import {printable} from '../core/base/printable.js'
import {askStack} from './ask-stack.js'
import type {StackChoiceFlags} from './flags.js'
import {withDaemon, type Host} from './with-daemon.js'

/** `harness forget`. */
export async function forgetStack(host: Host, choice: StackChoiceFlags): Promise<void> {
  const {terminal} = host
  await withDaemon(host, async (client) => {
    const stack = await askStack(client, choice, terminal)
    const forgotten = await client.call('stack.forget', {stack, requestId: newId()})
    if (terminal.json) terminal.data(forgotten)
    else terminal.out(printable(`Forgot ${forgotten.name} (${forgotten.file}).`))
  })
}
