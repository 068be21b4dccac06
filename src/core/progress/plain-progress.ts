import {plainLines} from './plain-lines.js'
import type {ProgressOptions, ProgressView} from './progress-view.js'
import {nextRows, type ProgressRow} from './rows.js'

interface PlainOptions extends Pick<ProgressOptions, 'clock' | 'showKept'> {
  readonly stream: {write(text: string): unknown}
}

/** For pipes, files and CI: one plain line for each move. */
export function plainProgress(options: PlainOptions): ProgressView {
  let rows: readonly ProgressRow[] = []
  // What stays as it is has nothing to tell but trouble; the summary counts it.
  const isShown = (row: ProgressRow): boolean => row.action !== 'keep' || (options.showKept && row.phase === 'bad')
  return {
    update(progress) {
      const before = rows
      rows = nextRows(rows, progress)
      for (const text of plainLines(before, rows.filter(isShown), options.clock.now()))
        options.stream.write(`${text}\n`)
    },
    note(line) {
      options.stream.write(`${line}\n`)
    },
    close: () => Promise.resolve(),
  }
}
