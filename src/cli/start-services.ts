import {HarnessError} from '../core/base/errors.js'
import {newId} from '../core/base/ids.js'
import {stackFileNames} from '../core/config/find-stack-file.js'
import {askStack} from './ask-stack.js'
import {callerEnvironment} from './caller-environment.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {outcomeExit} from './outcome.js'
import {readStackIfAny, sendStack} from './read-stack.js'
import {printStart} from './print-start.js'
import {runRequest} from './run-request.js'
import {withDaemon, type Host} from './with-daemon.js'

export interface StartWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly method: 'service.restart' | 'service.start'
}

/** `harness start` and `harness restart`: answers the exit code. */
export async function startServices(host: Host, wish: StartWish): Promise<number> {
  const {terminal} = host
  // Read before a daemon is started for nothing.
  const loaded = await readStackIfAny(wish.choice, terminal)
  if (!loaded && wish.method === 'service.start' && wish.choice.stack === undefined) throw noStackFile()
  return withDaemon(host, async (client) => {
    const stack = loaded ? await sendStack(client, loaded, terminal) : await askStack(client, wish.choice, terminal)
    const params = {stack, services: wish.services, env: callerEnvironment(), requestId: newId()}
    const outcome = await runRequest(terminal, (onProgress) => client.call(wish.method, params, {onProgress}), {
      showKept: wish.method === 'service.start',
    })
    if (outcome === interrupted) {
      terminal.warn('The daemon goes on with the start. See it with `harness status`, end it with `harness stop`.')
      return interruptedExit
    }
    printStart(terminal, outcome, await client.call('service.status', {stack, services: []}))
    return outcomeExit(outcome)
  })
}

/** A stack that is known already can be restarted without its file. To start one, a file is asked for. */
function noStackFile(): HarnessError {
  return new HarnessError('CONFIG_NOT_FOUND', {
    subject: process.cwd(),
    reason: `neither there nor in a folder above is one of ${stackFileNames.join(', ')}`,
  })
}
