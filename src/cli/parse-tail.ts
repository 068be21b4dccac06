import {HarnessError} from '../core/base/errors.js'

/** `--tail`: a number of lines, or `all`, which is `null`. */
export function parseTail(text: string): number | null {
  if (text === 'all') return null
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new HarnessError('USAGE', {
    subject: `--tail ${text}`,
    reason: 'expected a number of lines, or all',
    hint: 'Write --tail 100, or --tail all.',
  })
}
