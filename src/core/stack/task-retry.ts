import {formatDuration} from '../base/duration.js'
import {isHarnessError, messageOf} from '../base/errors.js'
import {backOffDelay} from '../base/retry.js'
import type {RetryPolicy} from '../contract/stack.js'
import type {TaskRecord} from './task-record.js'

/** Why a run failed, without a full stop. */
export function whyFailed(error: unknown): string {
  const reason = isHarnessError(error) ? (error.reason ?? error.message) : messageOf(error)
  return reason.replace(/\.$/, '')
}

/** What is journalled when a run failed and is to be tried again; `undefined` when that was the last try. */
export function nextTry(
  {retries, ...backOff}: RetryPolicy,
  {tries}: Pick<TaskRecord, 'tries'>,
  {error, now}: {readonly error: unknown; readonly now: number},
): Pick<TaskRecord, 'reason' | 'retryAt'> | undefined {
  if (tries > retries) return undefined
  const delay = Math.round(backOffDelay(backOff, tries - 1))
  return {
    retryAt: now + delay,
    reason: `${whyFailed(error)}; try ${tries + 1} of ${retries + 1} in ${formatDuration(delay)}`,
  }
}

/** The last word on a task that was tried as often as it may be. */
export function whyGivenUp(error: unknown, {tries}: Pick<TaskRecord, 'tries'>): string {
  return tries > 1 ? `${whyFailed(error)}, after ${tries} tries` : whyFailed(error)
}
