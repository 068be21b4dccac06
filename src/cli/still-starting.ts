import {systemClock} from '../core/base/clock.js'
import {formatDuration} from '../core/base/duration.js'
import {HarnessError} from '../core/base/errors.js'
import type {ServiceStatus, StackStatus, TaskStatus} from '../core/contract/status.js'
import type {PlannedStep} from '../core/protocol/notifications.js'

/** What comes of it within this time; `undefined` when that is over before. */
export async function withPatience<T>(work: Promise<T>, timeoutMs: number | undefined): Promise<T | undefined> {
  if (timeoutMs === undefined) return work
  const done = new AbortController()
  const over = systemClock.sleep(timeoutMs, done.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([work, over])
  } finally {
    done.abort()
  }
}

/** A start that takes longer than its caller wants to wait: what of it is not done yet. The start goes on. */
export function stillStarting(plan: readonly PlannedStep[], status: StackStatus, timeoutMs: number): HarnessError {
  const pending = [
    ...status.services.filter((service) => isPlanned(plan, 'service', service.name) && !isUp(service)),
    ...status.tasks.filter((task) => isPlanned(plan, 'task', task.name) && !isDone(task)),
  ]
  const words = pending.map((each) => `${each.name} (${wordsFor(each)})`).join(', ')
  return new HarnessError('STACK_FAILED', {
    subject: status.name,
    reason: `after ${formatDuration(timeoutMs)} these are not done: ${words || 'none'}`,
    hint: 'The start goes on. See how it stands with `harness status`, end it with `harness stop`.',
    details: {
      stack: status.stack,
      pending: pending.map(({name, state, waitsFor, reason}) => ({name, state, waitsFor, reason})),
    },
  })
}

function isPlanned(plan: readonly PlannedStep[], kind: PlannedStep['kind'], name: string): boolean {
  return plan.some((step) => step.kind === kind && step.name === name)
}

/** Running, or a one-shot that ended well. */
function isUp({state, desired, attempt}: ServiceStatus): boolean {
  return state === 'Running' || (state === 'Stopped' && desired === 'down' && attempt > 0)
}

function isDone({state}: TaskStatus): boolean {
  return state === 'Succeeded' || state === 'Skipped'
}

function wordsFor({state, reason, waitsFor, ...rest}: ServiceStatus | TaskStatus): string {
  if (waitsFor.length > 0) return `waits for ${waitsFor.join(', ')}`
  const probe = 'health' in rest && rest.health?.ok === false ? rest.health.message : ''
  return [state, reason ?? probe].filter((part) => part !== '').join(': ')
}
