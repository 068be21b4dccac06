import {errorTable, type ErrorCode} from '../base/errors.js'
import type {BlockedReport, FailureReport, StartOutcome, StopOutcome, TaskStatus} from '../contract/status.js'
import type {Plan, PlanStep} from '../service/plan.js'
import type {ServiceSupervisor} from '../service/supervisor.js'
import {isSettled} from './settled.js'
import type {TaskRunner} from './task-runner.js'

/** Where an outcome finds what has become of its steps. */
export interface OutcomeSource {
  readonly stack: string
  readonly service: (name: string) => ServiceSupervisor
  readonly task: (name: string) => TaskRunner
  readonly lastLines: (name: string) => Promise<readonly string[]>
}

/** What has come of a start: each planned service stands in exactly one list. */
export async function startOutcome(plan: Plan, source: OutcomeSource): Promise<StartOutcome> {
  const started: string[] = []
  const unchanged: string[] = []
  const pending: string[] = []
  const failing: Promise<FailureReport>[] = []
  const blocked: BlockedReport[] = []
  const tasks: TaskStatus[] = []
  for (const step of plan.steps) {
    const node = step.kind === 'service' ? source.service(step.name) : source.task(step.name)
    const view = node.view()
    if (step.kind === 'task') tasks.push(source.task(step.name).status())
    if (view.blockedBy)
      blocked.push({kind: step.kind, name: step.name, by: view.blockedBy.name, reason: view.blockedBy.reason})
    else if (hasFailed(node, plan)) failing.push(failureReport(step, source))
    else if (!isSettled(view) || awaitsTurn(node)) pending.push(step.name)
    else if (step.kind === 'service') (step.action === 'keep' ? unchanged : started).push(step.name)
  }
  return {stack: source.stack, started, failed: await Promise.all(failing), blocked, pending, unchanged, tasks}
}

export async function stopOutcome(plan: Plan, source: OutcomeSource): Promise<StopOutcome> {
  const stopped: string[] = []
  const unchanged: string[] = []
  const failing: Promise<FailureReport>[] = []
  for (const step of plan.steps) {
    const {state} = source.service(step.name).record
    if (step.action === 'keep') unchanged.push(step.name)
    else if (state === 'Failed') failing.push(failureReport(step, source))
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
  const fallback: ErrorCode = kind === 'service' ? 'CANCELLED' : 'TASK_FAILED'
  const code = record.failure?.code ?? fallback
  return {
    kind,
    name,
    code,
    reason: record.reason ?? 'it was stopped meanwhile',
    hint: record.failure?.hint ?? errorTable[code].hint.replaceAll('{subject}', () => name),
    exit: record.exit,
    lastLines: await source.lastLines(name),
  }
}

/** A service that was asked to start and does not run, unless it ended well. */
function hasFailed(node: ServiceSupervisor | TaskRunner, plan: Plan): boolean {
  const view = node.view()
  if (view.kind === 'task') return view.state === 'Failed'
  if (view.overdue) return true
  if (awaitsTurn(node)) return false
  if (view.state === 'Failed') return true
  const idle = view.state === 'Stopped' || view.state === 'NotStarted'
  return plan.direction === 'up' && idle && !view.endedWell
}

/** A dependency that is wanted and has not begun is on its way, not failed. */
function awaitsTurn(node: ServiceSupervisor | TaskRunner): boolean {
  const view = node.view()
  const idle = view.state === 'Stopped' || view.state === 'NotStarted' || view.state === 'Failed'
  return view.kind === 'service' && idle && node.record.desired === 'up'
}
