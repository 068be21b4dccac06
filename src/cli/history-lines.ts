import {formatDuration} from '../core/base/duration.js'
import type {ExitReport, HistoryEntry} from '../core/contract/status.js'
import type {Style} from './style.js'
import {tableLines} from './table.js'

/** The moves of a service, oldest first: when, from where to where, and why. `now` is in milliseconds since the epoch. */
export function historyLines(history: readonly HistoryEntry[], style: Style, now: number): readonly string[] {
  if (history.length === 0) return ['It has not moved yet.']
  return tableLines(
    history,
    [
      {title: 'AT', cell: ({at}) => at},
      {title: 'AGO', cell: ({at}) => ({text: formatDuration(Math.max(0, now - Date.parse(at))), paint: style.dim})},
      {title: 'ATTEMPT', cell: ({attempt}) => (attempt === 0 ? '' : String(attempt))},
      {title: 'MOVE', cell: ({from, to}) => ({text: `${from} → ${to}`, paint: style.bold})},
      {title: 'EVENT', cell: ({event}) => event},
      {title: 'WHY', cell: causeText},
    ],
    style.dim,
  )
}

/** The reason, and how it ended where the reason does not tell. The end stays known to later moves: it is news only to the first. */
export function causeText({reason, exit, event}: Pick<HistoryEntry, 'event' | 'exit' | 'reason'>): string {
  const end = exit === null || !/^exited|^stopped$/.test(event) ? '' : exitText(exit, reason ?? '')
  return [reason ?? '', end].filter((part) => part !== '').join('; ')
}

export function exitText({code, signal}: ExitReport, reason: string): string {
  if (signal !== null) return reason.includes(signal) ? '' : signal
  return code === null || new RegExp(String.raw`\b${code}\b`).test(reason) ? '' : `exit code ${code}`
}
