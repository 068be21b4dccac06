import {appendFileSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import type {LogTime} from '../../contract/log.js'

/** A sparse table of when a log had grown how far, kept on disk so that times survive the daemon. */
export interface LogIndex {
  /** The first position that still exists; what was before it has been cut off. */
  base(): number
  isCut(): boolean
  /** The furthest position that was noted. */
  last(): LogMark | undefined
  /** Everything up to `offset` was there at `time`. */
  note(offset: number, time: number, estimated?: boolean): void
  /** Everything before `offset` is gone. */
  cut(offset: number, time: number): void
  timeAt(offset: number): LogTime | undefined
  /** The first position that was written at or after `time`; `undefined` when all was before. */
  offsetAt(time: number): number | undefined
  /** Writes down what is not on disk yet. */
  flush(): void
}

interface LogMark {
  offset: number
  readonly time: number
  readonly kind: 'cut' | 'estimated' | 'seen'
}

const maxMarks = 2048
/** Marks closer together than this are one. */
const apartMs = 20

export function openLogIndex(file: string): LogIndex {
  let marks = load(file)
  let base = marks.findLast(({kind}) => kind === 'cut')?.offset ?? 0
  let stretched = false

  const add = (mark: LogMark): void => {
    flush()
    marks.push(mark)
    if (marks.length > maxMarks) {
      marks = thin(marks)
      rewrite(file, marks)
    } else append(file, mark)
  }
  const flush = (): void => {
    const last = marks.at(-1)
    if (stretched && last) append(file, last)
    stretched = false
  }
  return {
    base: () => base,
    isCut: () => marks.some(({kind}) => kind === 'cut'),
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
      base = offset
      add({offset, time: Math.max(now, marks.at(-1)?.time ?? 0), kind: 'cut'})
    },
    timeAt(offset) {
      const mark = marks[firstWhere(marks, (candidate) => candidate.offset > offset)]
      return mark && {at: mark.time, estimated: mark.kind === 'estimated'}
    },
    offsetAt(time) {
      const index = firstWhere(marks, (candidate) => candidate.time >= time)
      return index === marks.length ? undefined : Math.max(base, marks[index - 1]?.offset ?? 0)
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

/** Halves the resolution of the older half. Cuts and estimates stay: they mean more than a time. */
function thin(marks: readonly LogMark[]): LogMark[] {
  const half = marks.length / 2
  const kept = marks.filter(({kind}, index) => index > half || index % 2 === 1 || kind !== 'seen')
  return kept.length < marks.length * 0.9 ? kept : kept.slice(Math.floor(half))
}

const letters = {cut: 'c', estimated: 'e', seen: 's'} as const

function toText({offset, time, kind}: LogMark): string {
  return `${offset} ${time} ${letters[kind]}\n`
}

function load(file: string): LogMark[] {
  let text
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    return []
  }
  const marks: LogMark[] = []
  for (const [, offset, time, letter] of text.matchAll(/^(\d+) (\d+) ([ces])\n/gm)) {
    const last = marks.at(-1)
    const mark = {offset: Number(offset), time: Number(time), kind: kindOf(letter)}
    if (last && mark.time === last.time && mark.kind === 'seen' && last.kind === 'seen') last.offset = mark.offset
    else if (!last || mark.offset > last.offset) marks.push(mark)
  }
  return marks
}

function kindOf(letter: string | undefined): LogMark['kind'] {
  if (letter === 'c') return 'cut'
  return letter === 'e' ? 'estimated' : 'seen'
}

/** Times are a comfort: without room on the disk they are simply not kept. */
function append(file: string, mark: LogMark): void {
  try {
    appendFileSync(file, toText(mark), {mode: 0o600})
  } catch {
    return
  }
}

function rewrite(file: string, marks: readonly LogMark[]): void {
  const temporary = `${file}.tmp`
  try {
    writeFileSync(temporary, marks.map(toText).join(''), {mode: 0o600})
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, {force: true})
  }
}
