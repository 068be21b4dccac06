import {stripVTControlCharacters} from 'node:util'
import type {LogSource} from '../contract/log.js'
import type {ProbeCheck} from '../contract/probe.js'
import {readLogs} from '../process/log/read-logs.js'

type Groups = Readonly<Record<string, string>>

export interface LogWatch {
  /** The named groups of the first line that matched; `undefined` while none has. */
  match(pattern: string): Groups | undefined
}

export interface LogWatchOptions {
  readonly logs: readonly LogSource[]
  readonly patterns: readonly string[]
  /** Hears of each pattern once. */
  readonly onMatch: (groups: Groups) => void
  readonly signal: AbortSignal
}

/** Longer lines are looked at up to here. */
const longestLine = 64 * 1024

/** Reads what an attempt prints, from its first line on, until each pattern has been found once. Colours do not count. */
export function watchLog(options: LogWatchOptions): LogWatch {
  const found = new Map<string, Groups>()
  const open = new Map([...new Set(options.patterns)].map((pattern) => [pattern, new RegExp(pattern, 'u')]))
  const look = (text: string): void => {
    for (const [pattern, expression] of open) {
      const match = expression.exec(text)
      if (!match) continue
      // A group that took no part is there all the same, without a value.
      const named: Readonly<Record<string, string | undefined>> = match.groups ?? {}
      const groups = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, value ?? '']))
      open.delete(pattern)
      found.set(pattern, groups)
      options.onMatch(groups)
    }
  }
  const read = async (): Promise<void> => {
    const inputs = options.logs.map((source) => ({source, stack: '', service: '', attempt: 0}))
    for await (const lines of readLogs(inputs, {tail: null, follow: true, signal: options.signal})) {
      for (const {text, gap} of lines) if (!gap) look(stripVTControlCharacters(text.slice(0, longestLine)))
      if (open.size === 0) return
    }
  }
  // A log that cannot be read matches nothing: the check then says so until the start timeout.
  if (open.size > 0) read().catch(() => undefined)
  return {match: (pattern) => found.get(pattern)}
}

/** The patterns of all log checks within a check. */
export function logPatterns(check: ProbeCheck): readonly string[] {
  if (check.kind === 'log') return [check.pattern]
  return check.kind === 'all' || check.kind === 'any' ? check.checks.flatMap(logPatterns) : []
}
