import {isoTime} from '../core/base/clock.js'
import {HarnessError} from '../core/base/errors.js'
import {parseTail} from './parse-tail.js'
import {parseTime} from './parse-time.js'

/** Which lines of the logs are wanted. */
export interface LogFilter {
  /** `null`: all. */
  readonly tail: number | null
  /** ISO 8601. */
  readonly since?: string
  readonly until?: string
  readonly grep?: string
}

interface FilterFlags {
  readonly tail?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly grep?: string | undefined
}

export async function parseLogFilter(flags: FilterFlags, now: number): Promise<LogFilter> {
  const {since, until, grep} = flags
  const times = parseTimes(flags, now)
  if (grep !== undefined) await checkPattern(grep)
  const limited = [since, until, grep].some((limit) => limit !== undefined)
  const tail = parseTail(flags.tail ?? (limited ? 'all' : '100'))
  return {tail, ...times, ...(grep !== undefined && {grep})}
}

function parseTimes({since, until}: FilterFlags, now: number): Pick<LogFilter, 'since' | 'until'> {
  const from = since === undefined ? undefined : parseTime('--since', since, now)
  const to = until === undefined ? undefined : parseTime('--until', until, now)
  if (from !== undefined && to !== undefined && from > to) {
    throw new HarnessError('USAGE', {
      subject: `--until ${until ?? ''}`,
      reason: `it is before --since ${since ?? ''}`,
      hint: 'Write the earlier time behind --since.',
    })
  }
  return {...(from !== undefined && {since: isoTime(from)}), ...(to !== undefined && {until: isoTime(to)})}
}

async function checkPattern(pattern: string): Promise<void> {
  const {linePattern, PatternError} = await import('../core/process/log/line-pattern.js')
  await linePattern(pattern).catch((error: unknown) => {
    if (!(error instanceof PatternError)) throw error
    throw new HarnessError('USAGE', {
      subject: `--grep ${pattern}`,
      reason: error.message,
      hint: 'Patterns are those of RE2: no look-around and no back references. A backslash takes a character as it is: --grep "\\[ok\\]".',
    })
  })
}
