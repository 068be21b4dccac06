import type {Client} from '../core/client/client.js'
import type {StartOutcome} from '../core/contract/status.js'
import {begunServices, beginStart, type StartRequest} from './begin-start.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import {outcomeExit} from './outcome.js'
import {printStart} from './print-start.js'
import {stopBegun} from './stop-begun.js'
import {withPatience} from './still-starting.js'
import type {Terminal} from './terminal.js'
import {withProgress} from './with-progress.js'

const never = new AbortController().signal

/**
 * A start for CI: all of it comes up, or the first failure stops what it began, as do the end of patience and Ctrl-C. Answers the
 * exit code.
 */
export async function startOrStop(
  client: Client,
  terminal: Terminal,
  request: StartRequest,
  {timeoutMs}: {readonly timeoutMs?: number},
): Promise<number> {
  const end = await withProgress(terminal, {live: false, showKept: true}, async (onProgress) => {
    const start = beginStart(client, {...request, choices: {...request.choices, rollback: true}}, onProgress)
    const first = await interruptible(() => withPatience(Promise.race([start.outcome, start.failed]), timeoutMs))
    const plan = await start.plan
    const isWhole = first !== interrupted && typeof first === 'object'
    const names = begunServices(plan, {restarts: false})
    const stopped = isWhole
      ? []
      : await stopBegun(client, {stack: request.stack, names, start}, {hurry: never, onProgress})
    const status = await client.call('service.status', {stack: request.stack, services: []})
    return {plan, status, wasInterrupted: first === interrupted, outcome: rolledBack(await start.outcome, stopped)}
  })
  printStart(terminal, end)
  return end.wasInterrupted ? interruptedExit : outcomeExit(end.outcome)
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
