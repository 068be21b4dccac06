import {HarnessError, isHarnessError, messageOf} from '../base/errors.js'
import {isJsonObject} from '../base/json.js'

/** How soon what the disk has refused is written again, by those who have to, in milliseconds. */
export const writeAgainMs = 1000

/** Whether the disk has refused this, and may take it later: not once a sync has failed. */
export function mayBeWrittenLater(error: unknown): boolean {
  if (!isHarnessError(error) || error.code !== 'STATE_WRITE_FAILED') return false
  return !(isJsonObject(error.details) && error.details['readOnly'] === true)
}

/** The disk refused; the changes were taken back and a later commit may succeed. */
export function writeFailed(directory: string, cause: unknown): HarnessError {
  return new HarnessError('STATE_WRITE_FAILED', {
    subject: directory,
    reason: `${messageOf(cause)}; the change was taken back`,
    cause,
  })
}

/** A failed sync: nobody knows what is on the disk, so nothing may be acknowledged again. */
export function syncFailed(directory: string, cause: unknown): HarnessError {
  return new HarnessError('STATE_WRITE_FAILED', {
    subject: directory,
    reason: `a sync failed (${messageOf(cause)}), so the state is read-only from now on`,
    hint: 'Check that disk, then run `harness daemon restart`; services keep running.',
    details: {readOnly: true},
    cause,
  })
}

export function storeClosed(directory: string): HarnessError {
  return new HarnessError('STATE_WRITE_FAILED', {
    subject: directory,
    reason: 'the store is closed',
    hint: 'The daemon is ending: run the command again.',
  })
}

export function cannotOpen(directory: string, cause: unknown): HarnessError {
  return new HarnessError('STATE_WRITE_FAILED', {subject: directory, reason: messageOf(cause), cause})
}
