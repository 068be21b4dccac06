import {plainLines} from './plain-lines.js'
import type {ProgressOptions, ProgressView} from './progress-view.js'
import {nextRows, type ProgressRow} from './rows.js'

interface PlainOptions extends Pick<ProgressOptions, 'clock'> {
  readonly stream: {write(text: string): unknown}
}

/** For pipes, files and CI: one plain line for each move. */
export function plainProgress(options: PlainOptions): ProgressView {
  let rows: readonly ProgressRow[] = []
  return {
    update(progress) {
      const before = rows
      rows = nextRows(rows, progress)
      for (const text of plainLines(before, rows, options.clock.now())) options.stream.write(`${text}\n`)
    },
    close: () => Promise.resolve(),
  }
}
