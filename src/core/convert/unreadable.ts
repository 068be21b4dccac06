import {HarnessError} from '../base/errors.js'

/** The one error for a file that is not what it is taken for. */
export function unreadable(file: string, reason: string, hint?: string): HarnessError {
  return new HarnessError('CONFIG_INVALID', {
    subject: file,
    reason,
    hint: hint ?? `Correct ${file}, then import it again.`,
  })
}
