import type {Progress} from '../core/protocol/notifications.js'
import {interruptible, type interrupted} from './interruptible.js'
import type {Terminal} from './terminal.js'
import {withProgress, type ProgressChoice} from './with-progress.js'

/**
 * Carries out a request that takes its time, with its progress on standard error. Ctrl-C lets go of it: the daemon goes on, and the answer
 * is `interrupted`.
 */
export function runRequest<T>(
  terminal: Terminal,
  request: (onProgress: (progress: Progress) => void) => Promise<T>,
  choice: ProgressChoice = {},
): Promise<T | typeof interrupted> {
  return withProgress(terminal, choice, (onProgress) => interruptible(() => request(onProgress)))
}
