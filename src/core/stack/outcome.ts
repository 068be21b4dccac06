import {errorTable} from '../base/error-table.js'
import type {BlockedReport, FailureReport, StartOutcome, StopOutcome, TaskStatus} from '../contract/status.js'
import type {Plan, PlanStep, StepResult} from '../service/plan.js'
import {mayRemain, type ServiceRecord} from '../service/record.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {isSettled} from './settled.js'
import type {TaskRecord} from './task-record.js'
import type {TaskRunner} from './task-runner.js'

/** Where an outcome finds what has become of its steps. */
export interface OutcomeSource {
  readonly stack: string
  readonly service: (name: string) => ServiceSupervisor
  readonly task: (name: string) => TaskRunner
  readonly lastLines: (name: string) => Promise<readonly string[]>
}

/** What has come of a start: each planned service stands in exactly one list. `unsteady`: those that keep ending. */
export async function startOutcome(
  plan: Plan,
  source: OutcomeSource,
  unsteady: readonly string[] = [],
): Promise<StartOutcome> {
  const started: string[] = []
  const unchanged: string[] = []
  const pending: string[] = []
  const failing: Promise<FailureReport>[] = []
  const blocked: BlockedReport[] = []
  const tasks: TaskStatus[] = []
  for (const step of plan.steps) {
    const {kind, name} = step
    const node = kind === 'service' ? source.service(name) : source.task(name)
    const {blockedBy} = node.view()
    if (kind === 'task') tasks.push(source.task(name).status())
    if (blockedBy) blocked.push({kind, name, by: blockedBy.name, reason: blockedBy.reason})
    else if (kind === 'service' && unsteady.includes(name)) failing.push(unsteadyReport(step, source))
    else if (hasFailed(node, plan)) failing.push(failureReport(step, source))
    else if (isPending(node)) pending.push(name)
    else if (kind === 'service') (step.action === 'keep' ? unchanged : started).push(name)
  }
  const failed = await Promise.all(failing)
  return {stack: source.stack, started, failed, blocked, pending, unchanged, tasks, orphans: [], rolledBack: []}
}

/** A start of nothing at all. */
export function nothingStarted({
  id,
  orphans,
}: {
  readonly id: string
  readonly orphans: readonly string[]
}): StartOutcome {
  const none = {started: [], failed: [], blocked: [], pending: [], unchanged: [], tasks: [], rolledBack: []}
  return {stack: id, ...none, orphans}
}

/** What has come of a stop. One that a later start took back is unchanged. */
export async function stopOutcome(
  plan: Plan,
  source: OutcomeSource,
  results: readonly StepResult[],
): Promise<StopOutcome> {
  const stopped: string[] = []
  const unchanged: string[] = []
  const failing: Promise<FailureReport>[] = []
  for (const [index, step] of plan.steps.entries()) {
    if (step.action === 'keep' || results[index] === 'cancelled') unchanged.push(step.name)
    // One that ended badly by itself meanwhile is down, as it was asked for.
    else if (mayRemain(source.service(step.name).record)) failing.push(failureReport(step, source))
    else stopped.push(step.name)
  }
  return {stack: source.stack, stopped, failed: await Promise.all(failing), unchanged}
}

/** Everything a person needs to act on a failure. */
export async function failureReport(
  step: Pick<PlanStep, 'kind' | 'name'>,
  source: OutcomeSource,
): Promise<FailureReport> {
  const {kind, name} = step
  const {record} = kind === 'service' ? source.service(name) : source.task(name)
  return {kind, name, ...whyFailed(kind, name, record), exit: record.exit, lastLines: await source.lastLines(name)}
}

type Failed = Pick<ServiceRecord, 'fallback'> & Pick<ServiceRecord | TaskRecord, 'failure' | 'reason'>

function whyFailed(
  kind: PlanStep['kind'],
  name: string,
  {failure, fallback, reason}: Failed,
): Pick<FailureReport, 'code' | 'hint' | 'reason'> {
  if (!failure && fallback) return {code: 'SERVICE_FELL_BACK', ...fallback}
  const code = failure?.code ?? (kind === 'service' ? 'CANCELLED' : 'TASK_FAILED')
  const hint = failure?.hint ?? errorTable[code].hint.replaceAll('{subject}', () => name)
  return {code, reason: reason ?? 'it was stopped meanwhile', hint}
}

/** It does not stay: whatever state it is in at this moment, the start that was asked for has not come true. */
async function unsteadyReport(step: PlanStep, source: OutcomeSource): Promise<FailureReport> {
  const service = source.service(step.name)
  const {restartCount} = service.record
  const last = service.history().findLast(({event}) => event === 'exitedRetry')?.reason ?? 'an end that is not known'
  const report = await failureReport(step, source)
  const hint = errorTable.SERVICE_EXITED.hint.replaceAll('{subject}', () => step.name)
  return {
    ...report,
    code: 'SERVICE_EXITED',
    hint,
    reason: `it keeps ending: ${restartCount} restarts, the last after ${last}`,
  }
}

/** A service that was asked to start and does not run, unless it ended well. */
function hasFailed(node: ServiceSupervisor | TaskRunner, plan: Plan): boolean {
  const view = node.view()
  if (view.kind === 'task') return view.state === 'Failed'
  if (view.overdue || (view.fellBack && isSettled(view))) return true
  if (awaitsTurn(node)) return false
  if (view.state === 'Failed') return true
  const idle = view.state === 'Stopped' || view.state === 'NotStarted'
  return plan.direction === 'up' && idle && !view.endedWell
}

function isPending(node: ServiceSupervisor | TaskRunner): boolean {
  return !isSettled(node.view()) || awaitsTurn(node)
}

/** A dependency that is wanted and has not begun is on its way, not failed. */
function awaitsTurn(node: ServiceSupervisor | TaskRunner): boolean {
  const view = node.view()
  const idle = view.state === 'Stopped' || view.state === 'NotStarted' || view.state === 'Failed'
  return view.kind === 'service' && idle && node.record.desired === 'up'
}
