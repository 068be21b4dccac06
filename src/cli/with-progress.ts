import {systemClock} from '../core/base/clock.js'
import {printable} from '../core/base/printable.js'
import {openProgress} from '../core/progress/open-progress.js'
import type {Progress} from '../core/protocol/notifications.js'
import type {Terminal} from './terminal.js'

export interface ProgressChoice {
  /** Whether what stays as it is has a row. @default false */
  readonly showKept?: boolean
  /** `false`: plain lines, also on a terminal. @default true */
  readonly live?: boolean
}

/** Shows on standard error the progress of what `work` does, and what it notes in between, until it is done. */
export async function withProgress<T>(
  terminal: Terminal,
  {showKept = false, live = true}: ProgressChoice,
  work: (onProgress: (progress: Progress) => void, note: (line: string) => void) => Promise<T>,
): Promise<T> {
  const view = await openProgress({
    stream: process.stderr,
    clock: systemClock,
    paint: terminal.errorStyle,
    showKept,
    live: live && process.stderr.isTTY && !terminal.quiet && process.env['TERM'] !== 'dumb',
  })
  try {
    return await work(
      (progress) => {
        if (!terminal.quiet) view.update(clean(progress))
      },
      (line) => {
        view.note(printable(line))
      },
    )
  } finally {
    await view.close()
  }
}

/** Names and messages come from stack files and programs. A tab would make a row longer than it counts for. */
function clean(progress: Progress): Progress {
  return JSON.parse(JSON.stringify(progress), (_key, value: unknown) =>
    typeof value === 'string' ? printable(value).replaceAll('\t', ' ') : value,
  ) as Progress
}
