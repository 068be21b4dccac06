import {escapeSigns} from '../base/printable.js'

/** A part of a source line that fits the screen, and where on it the mark stands, in columns. */
export interface CodeFrame {
  readonly text: string
  readonly before: number
  readonly marked: number
}

/**
 * Cuts a line down to `limit` columns around what is to be marked, `…` standing for what is left out. Control characters are taken out,
 * a tab is one space, so that the mark stays in place whatever the tab stops are.
 */
export function codeFrame(
  source: string,
  mark: {readonly from: number; readonly length: number},
  limit: number,
): CodeFrame {
  const {from} = mark
  // A line may have millions of characters: only those near the mark are looked at.
  const start = Math.max(0, from - reach * limit)
  const end = from + reach * limit
  const cells = cellsOf(source.slice(start, end), start)
  const found = cells.findIndex((cell) => cell.end > from)
  const at = found < 0 ? cells.length : found
  const {first, last} = chooseWindow(cells, at, {limit, isWhole: start === 0 && end >= source.length})
  const shown = cells.slice(first, last)
  const head = start > 0 || first > 0 ? '…' : ''
  const tail = end < source.length || last < cells.length ? '…' : ''
  const marks = cells.slice(at, last).filter((cell) => cell.start < from + mark.length)
  return {
    text: head + shown.map(({text}) => text).join('') + tail,
    before: head.length + widthOf(cells.slice(first, at)),
    marked: Math.max(1, widthOf(marks)),
  }
}

/** How many times the limit is looked at on each side: most of what is not shown has no width. */
const reach = 4

interface Cell {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly width: number
}

function chooseWindow(
  cells: readonly Cell[],
  at: number,
  {limit, isWhole}: {readonly limit: number; readonly isWhole: boolean},
): {readonly first: number; readonly last: number} {
  if (isWhole && widthOf(cells) <= limit) return {first: 0, last: cells.length}
  const room = limit - 2
  let first = at
  let last = at
  let width = 0
  const take = (cell: Cell | undefined, most: number): boolean => {
    if (!cell || width + cell.width > most) return false
    width += cell.width
    return true
  }
  while (take(cells[first - 1], Math.floor(limit / 3))) first -= 1
  while (take(cells[last], room)) last += 1
  while (take(cells[first - 1], room)) first -= 1
  return {first, last}
}

const letters = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

function cellsOf(source: string, offset: number): readonly Cell[] {
  return Array.from(letters.segment(source), ({segment, index}) => {
    const text = cleanText(segment)
    return {start: offset + index, end: offset + index + segment.length, text, width: columnsOf(text)}
  })
}

const widthOf = (cells: readonly Cell[]): number => cells.reduce((sum, {width}) => sum + width, 0)

/** Without C0 and C1 controls, half letters, and the marks that turn the direction of writing round. */
export function cleanText(text: string): string {
  return escapeSigns(text.replaceAll(/[\t\n]/g, ' ').replaceAll(/\p{Cs}/gu, ''), () => '')
}

const nothing = /^[\p{Mn}\p{Me}\p{Cf}]*$/u
/** East Asian wide and full-width letters, and what is shown as a picture. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}\uFE0F]|\p{Emoji_Presentation}/u

function columnsOf(text: string): number {
  if (nothing.test(text)) return 0
  return wide.test(text) ? 2 : 1
}
