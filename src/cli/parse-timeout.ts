import {parseDuration} from '../core/base/duration.js'
import {HarnessError} from '../core/base/errors.js'

/** `--timeout`: a duration, in milliseconds; nothing where none is given. */
export function parseTimeout(text: string | undefined): {readonly timeoutMs?: number} {
  if (text === undefined) return {}
  const timeoutMs = parseDuration(text)
  if (timeoutMs !== undefined) return {timeoutMs}
  throw new HarnessError('USAGE', {
    subject: `--timeout ${text}`,
    reason: 'expected a duration of at most 24 days',
    hint: 'Write --timeout 30s, --timeout 1m30s or --timeout 500ms.',
  })
}
