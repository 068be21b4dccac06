import {appendFileSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'

/**
 * How far a log had grown at a moment. The file begins anew with a `cut`, before which everything is gone, and with `moved`, before which
 * the file's content was copied aside.
 */
export interface LogMark {
  offset: number
  readonly time: number
  readonly kind: 'cut' | 'estimated' | 'moved' | 'seen'
}

/** Output before `offset` is no longer kept; `pending` while its room on the disk may not have been given back yet. */
export interface Kept {
  readonly offset: number
  /** Of the last change that giving room back made to the file. */
  readonly time: number
  readonly pending: boolean
}

export interface Marks {
  readonly marks: LogMark[]
  readonly kept: Kept | undefined
}

const letters = {cut: 'c', estimated: 'e', moved: 'm', seen: 's'} as const
const kinds: Readonly<Record<string, LogMark['kind']>> = {
  c: 'cut',
  e: 'estimated',
  m: 'moved',
  s: 'seen',
}

export function loadMarks(file: string): Marks {
  let text
  try {
    text = readFileSync(file, 'latin1')
  } catch {
    return {marks: [], kept: undefined}
  }
  const marks: LogMark[] = []
  let kept: Kept | undefined
  for (const [, offset, time, letter = ''] of text.matchAll(/^(\d+) (\d+) ([cemspk])\n/gm)) {
    const last = marks.at(-1)
    const kind = kinds[letter]
    const mark = {offset: Number(offset), time: Number(time)}
    if (!kind) kept = {...mark, pending: letter === 'p'}
    else if (last && mark.time === last.time && kind === 'seen' && last.kind === 'seen') last.offset = mark.offset
    else if (!last || mark.offset > last.offset) marks.push({...mark, kind})
  }
  return {marks, kept}
}

/** Times are a comfort: without room on the disk they are simply not kept. */
export function appendMark(file: string, mark: Kept | LogMark): void {
  try {
    appendFileSync(file, toText(mark), {mode: 0o600})
  } catch {
    return
  }
}

export function rewriteMarks(file: string, {marks, kept}: Marks): void {
  const temporary = `${file}.tmp`
  try {
    writeFileSync(temporary, [...marks, ...(kept ? [kept] : [])].map(toText).join(''), {mode: 0o600})
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, {force: true})
  }
}

function toText(mark: Kept | LogMark): string {
  const letter = 'kind' in mark ? letters[mark.kind] : mark.pending ? 'p' : 'k'
  return `${mark.offset} ${Math.floor(mark.time)} ${letter}\n`
}

const maxMarks = 2048

export function tooMany(marks: readonly LogMark[]): boolean {
  return marks.length > maxMarks
}

/** Halves the resolution of the older half. Cuts and estimates stay: they mean more than a time. */
export function thinMarks(marks: readonly LogMark[]): LogMark[] {
  const half = marks.length / 2
  const kept = marks.filter(({kind}, index) => index > half || index % 2 === 1 || kind !== 'seen')
  return kept.length < marks.length * 0.9 ? kept : kept.slice(Math.floor(half))
}
