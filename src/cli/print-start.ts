import type {StackStatus, StartOutcome} from '../core/contract/status.js'
import {endpointLines} from './endpoint-lines.js'
import {outcomeLines} from './print-outcome.js'
import type {Terminal} from './terminal.js'

/** The end of a start: where everything can be reached, and what went wrong. */
export function printStart(terminal: Terminal, outcome: StartOutcome, status: StackStatus): void {
  if (terminal.json) {
    const {stack, ...rest} = outcome
    terminal.data({stack, name: status.name, ...rest})
    return
  }
  const endpoints = endpointLines(status.services, terminal.style)
  if (endpoints.length > 0) {
    terminal.note('')
    for (const line of endpoints) terminal.out(line)
  }
  for (const line of outcomeLines(outcome, terminal.errorStyle)) terminal.warn(line)
  terminal.note('')
  terminal.note(startSummary(outcome, status))
}

/** One sentence that counts. */
export function startSummary(outcome: StartOutcome, status: StackStatus): string {
  const {started, unchanged, failed, blocked, pending} = outcome
  const parts = [
    count(started.length, 'started'),
    count(unchanged.length, 'already running'),
    count(pending.length, 'still starting'),
    count(failed.length, 'failed'),
    count(blocked.length, 'blocked'),
  ].filter((part) => part !== '')
  const isWhole = failed.length === 0 && blocked.length === 0
  const next = isWhole ? 'Try `harness status`, `harness logs -f`, `harness stop`.' : 'What started keeps running.'
  return `${status.name}: ${parts.length === 0 ? 'nothing to start' : parts.join(', ')}. ${next}`
}

function count(amount: number, what: string): string {
  return amount === 0 ? '' : `${amount} ${what}`
}
