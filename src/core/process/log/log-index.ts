import type {LogTime} from '../../contract/log.js'
import {appendMark, loadMarks, rewriteMarks, thinMarks, tooMany, type Kept, type LogMark} from './log-marks.js'

/** A sparse table of when a log had grown how far, kept on disk so that times survive the daemon. */
export interface LogIndex {
  /** The first position that still exists. */
  base(): number
  /** Where the file was last cut: the position of its first byte since. */
  cutAt(): number | undefined
  /** What is no longer kept. */
  kept(): Kept | undefined
  /** The furthest position that was noted. */
  last(): LogMark | undefined
  /** Everything up to `offset` was there at `time`. */
  note(offset: number, time: number, estimated?: boolean): void
  /** Everything before `offset` is gone. */
  cut(offset: number, time: number): void
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
  let cutAt = marks.findLast(({kind}) => kind === 'cut')?.offset
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
  const base = (): number => Math.max(cutAt ?? 0, kept?.offset ?? 0)
  return {
    base,
    cutAt: () => cutAt,
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
    cut(offset, now) {
      cutAt = offset
      add({offset, time: Math.max(now, marks.at(-1)?.time ?? 0), kind: 'cut'})
    },
    keep(next) {
      const moved = next.offset !== kept?.offset
      kept = next
      if (!moved) {
        appendMark(file, next)
        return
      }
      marks = marks.filter(({offset, kind}) => offset > next.offset || (kind === 'cut' && offset === cutAt))
      stretched = false
      rewriteMarks(file, {marks, kept})
    },
    timeAt(offset) {
      const mark = marks[firstWhere(marks, (candidate) => candidate.offset > offset)]
      return mark && {at: mark.time, estimated: mark.kind === 'estimated'}
    },
    offsetAt(time) {
      const index = firstWhere(marks, (candidate) => candidate.time >= time)
      return index === marks.length ? undefined : Math.max(base(), marks[index - 1]?.offset ?? 0)
    },
    flush,
  }
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
