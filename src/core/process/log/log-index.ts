import type {LogTime} from '../../contract/log.js'
import {appendMark, loadMarks, rewriteMarks, thinMarks, tooMany, type Kept, type LogMark} from './log-marks.js'

/** A sparse table of when a log had grown how far, kept on disk so that times survive the daemon. */
export interface LogIndex {
  /** The first position that still exists. */
  base(): number
  /** Where the program last cut the file: the position of its first byte since. */
  cutAt(): number | undefined
  /** Where the file begins. `undefined`: it was never emptied. */
  origin(): number | undefined
  /** Set when the file was last emptied after a copy aside: where it begins since, and where the copy begins. */
  moved(): {readonly at: number; readonly before: number | undefined} | undefined
  /** What is no longer kept. */
  kept(): Kept | undefined
  /** The furthest position that was noted. */
  last(): LogMark | undefined
  /** Everything up to `offset` was there at `time`. */
  note(offset: number, time: number, estimated?: boolean): void
  /** The file begins anew at `offset`: everything before is gone, or stands aside. */
  begin(kind: 'cut' | 'moved', offset: number, time: number): void
  keep(kept: Kept): void
  timeAt(offset: number): LogTime | undefined
  /** The first position that was written at or after `time`; `undefined` when all was before. */
  offsetAt(time: number): number | undefined
  /** Writes down what is not on disk yet. */
  flush(): void
}

/** Marks closer together than this are one. */
const apartMs = 20

export function openLogIndex(file: string): LogIndex {
  let {marks, kept} = loadMarks(file)
  const starts = createStarts(marks)
  let stretched = false

  const add = (mark: LogMark): void => {
    flush()
    marks.push(mark)
    if (tooMany(marks)) {
      marks = thinMarks(marks)
      rewriteMarks(file, {marks, kept})
    } else appendMark(file, mark)
  }
  const flush = (): void => {
    const last = marks.at(-1)
    if (stretched && last) appendMark(file, last)
    stretched = false
  }
  const base = (): number => Math.max(starts.first(), kept?.offset ?? 0)
  return {
    base,
    cutAt: starts.cutAt,
    origin: starts.origin,
    moved: starts.moved,
    kept: () => kept,
    last: () => marks.at(-1),
    note(offset, now, estimated = false) {
      const last = marks.at(-1)
      const time = Math.max(now, last?.time ?? 0)
      if (last && offset <= last.offset) return
      if (last?.kind === 'seen' && !estimated && time - last.time < apartMs) {
        last.offset = offset
        stretched = true
      } else add({offset, time, kind: estimated ? 'estimated' : 'seen'})
    },
    begin(kind, offset, now) {
      const mark = {kind, offset, time: Math.max(now, marks.at(-1)?.time ?? 0)}
      starts.add(mark)
      add(mark)
    },
    keep(next) {
      const moved = next.offset !== kept?.offset
      kept = next
      if (!moved) {
        appendMark(file, next)
        return
      }
      const from = firstWhere(marks, ({offset}) => offset > next.offset)
      // The one before tells the time of what is gone.
      marks = marks.filter((mark, place) => place >= from - 1 || starts.has(mark))
      stretched = false
      rewriteMarks(file, {marks, kept})
    },
    timeAt: (offset) => timeIn(marks, offset),
    offsetAt: (time) => offsetIn(marks, time),
    flush,
  }
}

/** The last two marks with which the file begins anew. */
function createStarts(marks: readonly LogMark[]) {
  let starts = marks.filter(({kind}) => kind === 'cut' || kind === 'moved').slice(-2)
  const origin = (): number | undefined => starts.at(-1)?.offset
  const moved = () => (starts.at(-1)?.kind === 'moved' ? {at: origin() ?? 0, before: starts.at(-2)?.offset} : undefined)
  return {
    origin,
    moved,
    cutAt: (): number | undefined => starts.findLast(({kind}) => kind === 'cut')?.offset,
    /** The first position that still exists. */
    first: (): number => (moved() ? moved()?.before : origin()) ?? 0,
    has: (mark: LogMark): boolean => starts.includes(mark),
    add(mark: LogMark): void {
      starts = [...starts, mark].slice(-2)
    },
  }
}

function timeIn(marks: readonly LogMark[], offset: number): LogTime | undefined {
  const mark = marks[firstWhere(marks, (candidate) => candidate.offset > offset)]
  return mark && {at: mark.time, estimated: mark.kind === 'estimated'}
}

/** It may be gone by now: who reads there meets the gap. */
function offsetIn(marks: readonly LogMark[], time: number): number | undefined {
  const index = firstWhere(marks, (candidate) => candidate.time >= time)
  return index === marks.length ? undefined : (marks[index - 1]?.offset ?? 0)
}

/** Binary search: the first mark for which `holds`, given that it then holds for all that follow. */
function firstWhere(marks: readonly LogMark[], holds: (mark: LogMark) => boolean): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const mark = marks[middle]
    if (mark && holds(mark)) high = middle
    else low = middle + 1
  }
  return low
}
