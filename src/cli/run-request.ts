import {systemClock} from '../core/base/clock.js'
import {printable} from '../core/base/printable.js'
import {openProgress} from '../core/progress/open-progress.js'
import type {Progress} from '../core/protocol/notifications.js'
import {interruptible, type interrupted} from './interruptible.js'
import type {Terminal} from './terminal.js'

/**
 * Carries out a request that takes its time, with its progress on standard error. Ctrl-C lets go of it: the daemon goes on, and the answer
 * is `interrupted`.
 */
export async function runRequest<T>(
  terminal: Terminal,
  request: (onProgress: (progress: Progress) => void) => Promise<T>,
  {showKept = false}: {readonly showKept?: boolean} = {},
): Promise<T | typeof interrupted> {
  const view = await openProgress({
    stream: process.stderr,
    clock: systemClock,
    paint: terminal.errorStyle,
    showKept,
    live: process.stderr.isTTY && !terminal.quiet && process.env['TERM'] !== 'dumb',
  })
  try {
    return await interruptible(() =>
      request((progress) => {
        if (!terminal.quiet) view.update(clean(progress))
      }),
    )
  } finally {
    await view.close()
  }
}

/** Names and messages come from stack files and programs. */
function clean(progress: Progress): Progress {
  if ('plan' in progress) {
    return {...progress, plan: progress.plan.map((planned) => ({...planned, name: printable(planned.name)}))}
  }
  if (!('step' in progress)) return progress
  const {step} = progress
  return {
    ...progress,
    step: {...step, name: printable(step.name), message: step.message === null ? null : printable(step.message)},
  }
}
