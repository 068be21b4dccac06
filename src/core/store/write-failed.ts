import {HarnessError, messageOf} from '../base/errors.js'

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
