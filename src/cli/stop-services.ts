import {isHarnessError} from '../core/base/errors.js'
import {newId} from '../core/base/ids.js'
import type {Client} from '../core/client/client.js'
import type {StopOutcome} from '../core/contract/status.js'
import {askYesNo} from './ask.js'
import type {StackChoiceFlags} from './flags.js'
import {interrupted, interruptedExit} from './interruptible.js'
import {outcomeExit} from './outcome.js'
import {outcomeLines} from './print-outcome.js'
import {runRequest} from './run-request.js'
import {stopLines} from './stop-lines.js'
import type {Terminal} from './terminal.js'
import type {Host} from './with-daemon.js'
import {withStack} from './with-stack.js'

export interface StopWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly dependents: 'leave' | 'refuse' | 'stop'
}

/** `harness stop`: answers the exit code. Where nothing runs that is said, and is well. */
export async function stopServices(host: Host, wish: StopWish): Promise<number> {
  const {terminal} = host
  const end = await withStack(host, wish.choice, (client, stack) => stopIn(client, stack, terminal, wish))
  if (end.found) return end.value
  if (terminal.json) terminal.data({stack: null, name: null, stopped: [], failed: [], unchanged: []})
  terminal.out(end.said)
  return 0
}

async function stopIn(client: Client, stack: string, terminal: Terminal, wish: StopWish): Promise<number> {
  const outcome = await runRequest(terminal, (onProgress) =>
    client.call(
      'service.stop',
      {stack, services: wish.services, dependents: wish.dependents, requestId: newId()},
      {onProgress},
    ),
  ).catch(async (error: unknown) => {
    if (!isHarnessError(error) || error.code !== 'SERVICE_IN_USE' || terminal.json) throw error
    if (!(await askYesNo(`${error.message} Stop those too?`))) throw error
    return undefined
  })
  if (outcome === undefined) return stopIn(client, stack, terminal, {...wish, dependents: 'stop'})
  if (outcome === interrupted) {
    terminal.warn('The daemon goes on with the stop. See `harness status`.')
    return interruptedExit
  }
  if (terminal.json) terminal.data(await outcomeData(client, outcome))
  else await printStop(client, terminal, outcome, wish.services)
  return outcomeExit(outcome)
}

async function printStop(
  client: Client,
  terminal: Terminal,
  outcome: StopOutcome,
  named: readonly string[],
): Promise<void> {
  for (const line of outcomeLines(outcome, terminal.errorStyle)) terminal.warn(line)
  const {services} = await client.call('service.status', {stack: outcome.stack, services: []})
  for (const line of stopLines(outcome, named, services)) terminal.out(line)
}

async function outcomeData(client: Client, {stack, ...outcome}: StopOutcome): Promise<object> {
  const {stacks} = await client.call('stack.list', {})
  return {stack, name: stacks.find((each) => each.stack === stack)?.name ?? null, ...outcome}
}
