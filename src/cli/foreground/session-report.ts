import {HarnessError} from '../../core/base/errors.js'
import type {FailureReport, ServiceStatus} from '../../core/contract/status.js'
import type {Outcome} from '../outcome.js'
import {outcomeLines} from '../print-outcome.js'
import {startData, type StartEnd} from '../print-start.js'
import type {Terminal} from '../terminal.js'

/** Says what comes of a session, and remembers what of it failed. */
export interface SessionReport {
  readonly failed: ReadonlySet<string>
  /** What came of the start, for programs; once. */
  start(end: StartEnd): void
  failures(outcome: Outcome): void
}

export function openReport(terminal: Terminal): SessionReport {
  const failed = new Set<string>()
  let isToldOfStart = false
  return {
    failed,
    start(end) {
      if (terminal.json && !isToldOfStart) terminal.data({start: startData(end)}, 'line')
      isToldOfStart = true
    },
    failures(outcome) {
      for (const {name} of outcome.failed) failed.add(name)
      for (const line of outcomeLines(outcome, terminal.errorStyle)) terminal.warn(line)
    },
  }
}

/** The report of a service that failed once it was up. */
export function lateFailure({name, reason, exit}: ServiceStatus): FailureReport {
  const {code, hint} = new HarnessError('SERVICE_EXITED', {subject: name})
  return {kind: 'service', name, code, reason: reason ?? 'it ended', hint, exit, lastLines: []}
}
