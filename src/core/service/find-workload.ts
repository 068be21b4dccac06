import type {Clock} from '../base/clock.js'
import {withDeadline} from '../base/deadline.js'
import {formatDuration} from '../base/duration.js'
import {HarnessError} from '../base/errors.js'
import type {Executor} from '../contract/executor.js'
import type {SavedHandle, WorkloadHandle} from '../contract/workload.js'

/** How long an executor may take to find a workload: one that never answers must not hold up anything but its own services. */
const patienceMs = 5000

/** Finds a workload of before. `undefined`: it never began. Rejects when that cannot be told now. */
export function findWorkload(
  executor: Executor,
  saved: SavedHandle,
  clock: Clock,
): Promise<WorkloadHandle | undefined> {
  return withDeadline((signal) => executor.recover(saved, signal), {
    clock,
    ms: patienceMs,
    onTimeout: () =>
      new HarnessError('EXECUTOR_FAILED', {
        subject: executor.kind,
        reason: `it did not say within ${formatDuration(patienceMs)} what has become of ${saved.id}`,
      }),
  })
}
