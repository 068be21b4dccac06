import {DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput, Spinner} from 'listr2'
import type {ProgressOptions, ProgressView} from './progress-view.js'
import {rowText, type RowLayout} from './row-text.js'
import {nextRows, type ProgressRow} from './rows.js'

/** For terminals: a live row for each service and task. The terminal is drawn on from the first plan until `close`. */
export function listrProgress(options: ProgressOptions): ProgressView {
  let rows: readonly ProgressRow[] = []
  let drawing: Drawing | undefined
  const notes: string[] = []
  const shown = (): readonly ProgressRow[] => (options.showKept ? rows : rows.filter(({action}) => action !== 'keep'))
  const texts = (live: boolean): readonly string[] => [...rowTexts(shown(), options, live), ...notes]
  return {
    update(progress) {
      rows = nextRows(rows, progress)
      if (shown().length > 0) drawing ??= draw(texts, options)
    },
    note(line) {
      notes.push(line)
      drawing ??= draw(texts, options)
    },
    async close() {
      await drawing?.end()
      drawing = undefined
    },
  }
}

interface Drawing {
  end(): Promise<void>
}

function draw(texts: (live: boolean) => readonly string[], options: ProgressOptions): Drawing {
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const taskOf = (title: string) => ({title, task: () => finished})
  const list = new Listr(texts(true).map(taskOf), {
    concurrent: true,
    exitOnError: false,
    // Interrupts are the command's business.
    registerSignalListeners: false,
    renderer: AnyTerminalRenderer,
    rendererOptions: {
      formatOutput: 'truncate',
      // The rows bring signs of their own; listr2 has none for what harness shows.
      icon: noIcons,
      spinner: new RowSpinner(() => {
        refresh(true)
      }),
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        useIcons: true,
        processOutput: new ProcessOutput(options.stream, undefined, {leaveEmptyLine: false}),
      }),
    },
  })
  const refresh = (live: boolean): void => {
    for (const [index, text] of texts(live).entries()) {
      const task = list.tasks[index]
      if (task) task.title = text
      else {
        list.add(taskOf(text))
        // While it runs, listr2 draws what it has looked at only.
        void list.tasks[index]?.check(undefined)
      }
    }
  }
  const done = list.run()
  return {
    async end() {
      refresh(false)
      finish()
      await done
    },
  }
}

function rowTexts(rows: readonly ProgressRow[], options: ProgressOptions, live: boolean): readonly string[] {
  const layout: RowLayout = {
    nameWidth: Math.max(...rows.map((row) => row.name.length)),
    // listr2 leaves two columns free.
    width: (options.stream.columns || 80) - 2,
    paint: options.paint,
    live,
  }
  return rows.map((row) => rowText(row, options.clock.now(), layout))
}

/** The rows are drawn on standard error: whether standard output is a terminal says nothing. */
class AnyTerminalRenderer extends DefaultRenderer {
  static override nonTTY = true
}

/** listr2 draws on each turn of its spinner; this one brings the rows up to date before. */
class RowSpinner extends Spinner {
  constructor(private readonly refresh: () => void) {
    super()
  }
  override spin(): void {
    this.refresh()
  }
  override fetch(): string {
    return ''
  }
}

const noIcons = {
  [ListrDefaultRendererLogLevels.PENDING]: '',
  [ListrDefaultRendererLogLevels.COMPLETED]: '',
  [ListrDefaultRendererLogLevels.WAITING]: '',
}
