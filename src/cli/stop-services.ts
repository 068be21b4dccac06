import {HarnessError, isHarnessError} from '../core/base/errors.js'
import type {Client} from '../core/client/client.js'
import type {StopOutcome} from '../core/contract/status.js'
import {askYesNo} from './ask.js'
import {carryOutStop} from './carry-out-stop.js'
import type {StackChoiceFlags} from './flags.js'
import {interruptedExit} from './interruptible.js'
import {outcomeExit} from './outcome.js'
import {outcomeLines} from './print-outcome.js'
import {onSignals} from './signals.js'
import {stopLines} from './stop-lines.js'
import type {Terminal} from './terminal.js'
import type {Host} from './with-daemon.js'
import {withProgress} from './with-progress.js'
import {withStack} from './with-stack.js'

export interface StopWish {
  readonly choice: StackChoiceFlags
  readonly services: readonly string[]
  readonly dependents: 'leave' | 'refuse' | 'stop'
  /** What still runs then is forced. */
  readonly timeoutMs?: number
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
  const end = await stopWithProgress(client, stack, terminal, wish).catch(async (error: unknown) => {
    if (!isHarnessError(error) || error.code !== 'SERVICE_IN_USE' || terminal.json) throw error
    const answer = await askYesNo(`${error.message} Stop those too?`)
    if (answer === 'interrupted') throw new HarnessError('CANCELLED', {subject: 'stop'})
    if (answer === 'no') throw error
    return undefined
  })
  if (end === undefined) return stopIn(client, stack, terminal, {...wish, dependents: 'stop'})
  const {outcome, wasInterrupted} = end
  if (terminal.json) terminal.data(await outcomeData(client, outcome))
  else await printStop(client, terminal, outcome, wish.services)
  return wasInterrupted ? interruptedExit : outcomeExit(outcome)
}

/** Ctrl-C does not let go of a stop: a second one forces it, and its end is waited for in any case. */
async function stopWithProgress(
  client: Client,
  stack: string,
  terminal: Terminal,
  {services, dependents, timeoutMs}: StopWish,
): Promise<{readonly outcome: StopOutcome; readonly wasInterrupted: boolean}> {
  const force = new AbortController()
  const deadline = timeoutMs === undefined ? {} : {timeoutMs}
  let presses = 0
  const outcome = await withProgress(terminal, {}, async (onProgress, note) => {
    using _signals = onSignals(['SIGINT'], () => {
      presses += 1
      if (presses === 1) note('The stop goes on. Ctrl-C again forces it.')
      else if (presses === 2) note('Forcing what is left.')
      if (presses === 2) force.abort()
    })
    return await carryOutStop(client, {stack, services, dependents, ...deadline}, {hurry: force.signal, onProgress})
  })
  return {outcome, wasInterrupted: presses > 0}
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
