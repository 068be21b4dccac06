import type {Client} from '../core/client/client.js'
import type {StartOutcome} from '../core/contract/status.js'
import {begunServices, begunTasks, beginStart, type StartRequest} from './begin-start.js'
import {watchInterrupts} from './foreground/interrupts.js'
import {outcomeExit} from './outcome.js'
import {printStart} from './print-start.js'
import {signalExits, type EndSignal} from './signals.js'
import {stopBegun} from './stop-begun.js'
import {withPatience} from './still-starting.js'
import type {Terminal} from './terminal.js'
import {withProgress} from './with-progress.js'

/**
 * A start for CI: all of it comes up, or the first failure stops what it began, as do the end of patience and a signal to end. Answers the
 * exit code.
 */
export async function startOrStop(
  client: Client,
  terminal: Terminal,
  request: StartRequest,
  {timeoutMs}: {readonly timeoutMs?: number},
): Promise<number> {
  const {stack} = request
  const end = await withProgress(terminal, {live: false, showKept: true}, async (onProgress, note) => {
    using interrupts = watchInterrupts(() => {
      note('Forcing what is left.')
    })
    const start = beginStart(client, {...request, choices: {...request.choices, rollback: true}}, onProgress)
    const first = await Promise.race([
      withPatience(Promise.race([start.outcome, start.failed]), timeoutMs),
      interrupts.first,
    ])
    const plan = await start.plan
    const names = begunServices(plan, {restarts: false})
    const {hurry} = interrupts
    const stopped =
      typeof first === 'object'
        ? []
        : await stopBegun(client, {stack, names, tasks: begunTasks(plan), start}, {hurry, onProgress})
    const status = await client.call('service.status', {stack, services: []})
    const outcome = rolledBack(await start.outcome, stopped)
    return {plan, status, outcome, code: exitOf(first, outcome)}
  })
  printStart(terminal, end)
  return end.code
}

/** What was stopped because it took too long is a failure, although nothing has failed. */
function exitOf(first: EndSignal | StartOutcome | undefined, outcome: StartOutcome): number {
  if (typeof first === 'string') return signalExits[first]
  return outcomeExit(outcome) || (typeof first === 'object' ? 0 : 4)
}

/** What this command has stopped is no failure of its own. */
export function rolledBack(outcome: StartOutcome, stopped: readonly string[]): StartOutcome {
  if (stopped.length === 0) return outcome
  const stays = (name: string): boolean => !stopped.includes(name)
  return {
    ...outcome,
    started: outcome.started.filter(stays),
    pending: outcome.pending.filter(stays),
    failed: outcome.failed.filter(({code}) => code !== 'CANCELLED'),
    rolledBack: [...new Set([...outcome.rolledBack, ...stopped])],
  }
}
