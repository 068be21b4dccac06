import {systemClock} from '../core/base/clock.js'
import type {Client} from '../core/client/client.js'
import type {FailureReport, ServiceStatus} from '../core/contract/status.js'
import type {Progress} from '../core/protocol/notifications.js'
import type {BegunStart} from './begin-start.js'
import {carryOutStop} from './carry-out-stop.js'

export interface StopBegun {
  readonly stack: string
  readonly names: readonly string[]
  /** Tasks that it runs. */
  readonly tasks: readonly string[]
  /** The start that may still go on. */
  readonly start: BegunStart
  readonly onFailed?: (failed: readonly FailureReport[]) => void
}

const startEndMs = 1000

/**
 * Stops what a start began, also while it goes on, and answers what was stopped when nothing of it is left. A start that had not begun with a
 * service when the stop came is stopped again.
 */
export async function stopBegun(
  client: Client,
  {stack, names, tasks, start, onFailed}: StopBegun,
  options: {readonly hurry: AbortSignal; readonly onProgress: (progress: Progress) => void},
): Promise<readonly string[]> {
  const stopped = new Set<string>()
  // Without any name it would mean all of the stack.
  if (names.length + tasks.length === 0) return []
  for (;;) {
    const outcome = await carryOutStop(client, {stack, services: names, tasks, dependents: 'leave'}, options)
    for (const name of outcome.stopped) stopped.add(name)
    onFailed?.(outcome.failed)
    const settled = await hasSettled(start)
    const {services} = await client.call('service.status', {stack, services: []})
    const begun = services.filter(({name}) => names.includes(name))
    if (settled && begun.every((service) => !mayRun(service) || isStuck(service, outcome.failed))) return [...stopped]
  }
}

/** Something of it is there, or will be by itself. */
export function mayRun({state, desired, blockedBy}: ServiceStatus): boolean {
  return !idle.has(state) || (desired === 'up' && blockedBy === null)
}

const idle: ReadonlySet<ServiceStatus['state']> = new Set(['Failed', 'NotStarted', 'Stopped'])

/** Asking again would not help. */
function isStuck({name}: ServiceStatus, failed: readonly FailureReport[]): boolean {
  return failed.some((report) => report.name === name)
}

function hasSettled({outcome}: BegunStart): Promise<boolean> {
  const patience = systemClock.sleep(startEndMs).then(() => false)
  return Promise.race([
    outcome.then(
      () => true,
      () => true,
    ),
    patience,
  ])
}
