import {printable} from '../core/base/printable.js'

export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => Cell | string
  /** `false`: shown although no row has anything to say. @default true */
  readonly hideEmpty?: boolean
}

/** Lines of a table with its columns in line, harmless for a terminal. Columns in which no row has anything are left out, the last one is cut at the edge of the screen. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  paintTitle: (text: string) => string,
  screenWidth = Infinity,
): readonly string[] {
  const grid = columns
    .map((column) => ({column, cells: rows.map((row) => asCell(column.cell(row)))}))
    .filter(({column, cells}) => column.hideEmpty === false || cells.some((cell) => cell.text !== ''))
    .map(({column, cells}) => ({
      title: column.title,
      cells,
      width: Math.max(column.title.length, ...cells.map((cell) => widthOf(cell.text))),
    }))
  const before = grid.slice(0, -1).reduce((sum, {width}) => sum + width + 2, 0)
  const lastWidth = Math.max(leastLast, screenWidth - before)
  const lineOf = (cells: readonly Cell[]): string =>
    cells
      .map((cell, index) => {
        const isLast = index === cells.length - 1
        const padding = isLast ? 0 : (grid[index]?.width ?? 0) - widthOf(cell.text)
        const text = isLast ? cut(cell.text, lastWidth) : cell.text
        return (cell.paint ?? plain)(text) + ' '.repeat(padding)
      })
      .join('  ')
      .trimEnd()
  return [
    lineOf(grid.map((column) => ({text: column.title, paint: paintTitle}))),
    ...rows.map((_, index) => lineOf(grid.map((column) => column.cells[index] ?? {text: ''}))),
  ]
}

/** What stands in a cell may come from a stack file or a program: it must not steer the terminal. */
const asCell = (cell: Cell | string): Cell =>
  typeof cell === 'string' ? {text: cellText(cell)} : {...cell, text: cellText(cell.text)}
/** A tab is wider than it counts. */
const cellText = (text: string): string => printable(text).replaceAll('\t', ' ')
const plain = (text: string): string => text
/** Columns on the screen, nearly: one for each character. */
const widthOf = (text: string): number => Array.from(text).length
/** However narrow the screen is, this much of the last column stays. */
const leastLast = 16

function cut(text: string, width: number): string {
  const letters = Array.from(text)
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`
}
