import {printable} from '../core/base/printable.js'
import {HarnessError} from '../core/base/errors.js'
import type {StackStatus, StartOutcome} from '../core/contract/status.js'
import type {PlannedStep} from '../core/protocol/notifications.js'
import {endpointLines} from './endpoint-lines.js'
import {orphanLines} from './orphan-lines.js'
import {outcomeLines} from './print-outcome.js'
import {restartedSteps, restartLines} from './restart-lines.js'
import type {Terminal} from './terminal.js'

export interface StartEnd {
  readonly outcome: StartOutcome
  readonly plan: readonly PlannedStep[]
  /** Of the whole stack, afterwards. */
  readonly status: StackStatus
}

/** The end of a start: where everything can be reached, and what went wrong. */
export function printStart(terminal: Terminal, {outcome, ...rest}: StartEnd): void {
  const end = {...rest, outcome: withTrueHints(outcome)}
  if (terminal.json) terminal.data(startData(end))
  else printWords(terminal, end)
}

/** The shape of `start --json`. */
export function startData({outcome, plan, status}: StartEnd): object {
  const {stack, ...rest} = outcome
  return {stack, name: status.name, ...rest, restarted: restartedSteps(plan, outcome)}
}

function printWords(terminal: Terminal, {outcome, plan, status}: StartEnd): void {
  const endpoints = endpointLines(status.services, terminal.style)
  if (endpoints.length > 0) {
    terminal.note('')
    for (const line of endpoints) terminal.out(line)
  }
  for (const line of outcomeLines(outcome, terminal.errorStyle)) terminal.warn(line)
  terminal.note('')
  for (const line of restartLines(plan, outcome)) terminal.note(line)
  if (outcome.rolledBack.length > 0) terminal.warn(rolledBackLine(outcome.rolledBack))
  for (const line of orphanLines(outcome.orphans)) terminal.warn(line)
  terminal.note(startSummary(outcome, status))
}

/** What was stopped again does not run for inspection, whatever was to be done next before. */
export function withTrueHints(outcome: StartOutcome): StartOutcome {
  const failed = outcome.failed.map((report) => {
    const {kind, name, code} = report
    if (kind !== 'service' || code !== 'SERVICE_START_TIMEOUT' || !outcome.rolledBack.includes(name)) return report
    return {...report, hint: new HarnessError('SERVICE_START_FAILED', {subject: name}).hint}
  })
  return {...outcome, failed}
}

function rolledBackLine(names: readonly string[]): string {
  return printable(`Rolled back: ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} stopped again.`)
}

/** One sentence that counts. */
export function startSummary(outcome: StartOutcome, status: StackStatus): string {
  const {started, unchanged, failed, blocked, pending, rolledBack} = outcome
  const parts = [
    count(started.length, 'started'),
    count(unchanged.length, 'already running'),
    count(pending.length, 'still starting'),
    count(failed.length, 'failed'),
    count(blocked.length, 'blocked'),
    count(rolledBack.length, 'rolled back'),
  ].filter((part) => part !== '')
  const isWhole = failed.length === 0 && blocked.length === 0 && rolledBack.length === 0
  const runs = started.length + unchanged.length + pending.length > 0
  const next = isWhole
    ? ' Try `harness status`, `harness logs -f`, `harness stop`.'
    : runs && rolledBack.length === 0
      ? ' What started keeps running.'
      : ''
  return `${status.name}: ${parts.length === 0 ? 'nothing to start' : parts.join(', ')}.${next}`
}

function count(amount: number, what: string): string {
  return amount === 0 ? '' : `${amount} ${what}`
}
