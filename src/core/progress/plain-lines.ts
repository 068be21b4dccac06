import {formatDuration} from '../base/duration.js'
import {detailOf, stateText} from './row-text.js'
import {elapsedMs, type ProgressRow} from './rows.js'

/** Without a terminal: one line for each row that moved between the two pictures. New words of a probe are no move. */
export function plainLines(
  before: readonly ProgressRow[],
  after: readonly ProgressRow[],
  now: number,
): readonly string[] {
  const nameWidth = Math.max(0, ...after.map((row) => row.name.length))
  return after.flatMap((row) => {
    const old = before.find((other) => other.kind === row.kind && other.name === row.name)
    return isMove(old, row) ? [line(row, nameWidth, now)] : []
  })
}

function isMove(old: ProgressRow | undefined, row: ProgressRow): boolean {
  if (row.phase === 'waiting') return row.waitsFor.length > 0 && old?.waitsFor.join() !== row.waitsFor.join()
  return old?.state !== row.state || old.phase !== row.phase
}

function line(row: ProgressRow, nameWidth: number, now: number): string {
  const elapsed = row.endedAt === null ? undefined : elapsedMs(row, now)
  const detail = detailOf(row)
  return [
    clockTime(now),
    row.name.padEnd(nameWidth),
    stateText(row),
    ...(detail === '' ? [] : [row.phase === 'waiting' ? detail : `– ${detail}`]),
    ...(elapsed === undefined ? [] : [`(${formatDuration(elapsed)})`]),
  ].join(' ')
}

function clockTime(now: number): string {
  return new Date(now).toTimeString().slice(0, 8)
}
