import {formatDuration} from '../base/duration.js'
import type {Paint} from './paint.js'
import {elapsedMs, type Phase, type ProgressRow} from './rows.js'

export interface RowLayout {
  /** Columns for the names, so that what follows stands in line. */
  readonly nameWidth: number
  /** Columns of the terminal; longer rows are cut. */
  readonly width: number
  readonly paint: Paint
  /** `false` in the last picture, where nothing turns any more. */
  readonly live: boolean
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const stateWidth = 13
const timeWidth = 8

/** One row as a terminal shows it: sign, name, state, time, and what there is to say. */
export function rowText(row: ProgressRow, now: number, layout: RowLayout): string {
  const {paint} = layout
  const elapsed = elapsedMs(row, now)
  const time = elapsed === undefined ? '' : timeText(elapsed)
  const used = 2 + layout.nameWidth + 2 + stateWidth + timeWidth + 2
  const detail = cut(detailOf(row), layout.width - used)
  return [
    `${sign(row.phase, now, layout)} `,
    paint.bold(row.name.padEnd(layout.nameWidth + 2)),
    colourOf(row.phase, paint)(stateText(row).padEnd(stateWidth)),
    paint.dim(time.padStart(timeWidth)),
    detail === '' ? '' : `  ${row.phase === 'bad' ? paint.red(detail) : paint.dim(detail)}`,
  ]
    .join('')
    .trimEnd()
}

/** The state in words; a row without one yet says what is planned. */
export function stateText(row: ProgressRow): string {
  if (row.phase === 'kept') return row.state ?? 'unchanged'
  if (row.phase === 'waiting') return row.waitsFor.length > 0 ? 'waiting' : 'planned'
  if (row.phase === 'bad' && row.startedAt === null && row.kind === 'service') return 'Blocked'
  return row.state ?? ''
}

/** What it waits for, the last words of its probe, or why it failed. */
export function detailOf(row: ProgressRow): string {
  if (row.phase === 'waiting') return row.waitsFor.length > 0 ? `for ${row.waitsFor.join(', ')}` : ''
  if (row.phase === 'kept') return row.cause
  if (row.phase === 'done') return row.state === 'Skipped' ? (row.message ?? 'already complete') : ''
  return row.message ?? ''
}

function sign(phase: Phase, now: number, {paint, live}: RowLayout): string {
  switch (phase) {
    case 'done':
      return paint.green('✔')
    case 'kept':
      return paint.dim('✔')
    case 'bad':
      return paint.red('✖')
    case 'waiting':
      return paint.dim('◌')
    case 'busy':
      return paint.cyan(live ? (spinner[Math.floor(now / 80) % spinner.length] ?? '') : '…')
  }
}

function colourOf(phase: Phase, paint: Paint): (text: string) => string {
  switch (phase) {
    case 'done':
      return paint.green
    case 'bad':
      return paint.red
    case 'busy':
      return paint.cyan
    default:
      return paint.dim
  }
}

/** Tenths while it is short, so that one sees it move; no milliseconds that flicker. */
function timeText(ms: number): string {
  return ms < 59_950 ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s` : formatDuration(ms)
}

function cut(text: string, width: number): string {
  const letters = Array.from(text)
  return letters.length <= width ? text : width <= 1 ? '' : `${letters.slice(0, width - 1).join('')}…`
}
