import {systemCode} from '../../core/base/errors.js'
import type {LogLevel} from '../../core/base/log.js'
import {stateDirectory, statePaths} from '../../core/base/state-directory.js'
import {stateProblem} from '../../core/base/state-problem.js'
import {interrupted, interruptedExit, interruptible} from '../interruptible.js'
import type {Terminal} from '../terminal.js'
import {logLines} from './log-lines.js'
import {isAtLeast, recordOf} from './log-record.js'
import {daemonLogText} from './log-text.js'

export interface DaemonLogWish {
  /** How many of the last lines to begin with; `null` for all. */
  readonly tail: number | null
  readonly follow: boolean
  /** The least level that is shown. */
  readonly level: LogLevel
}

/** `harness daemon logs`: reads the files, so that it works without a daemon. Answers the exit code. */
export async function showDaemonLog(terminal: Terminal, wish: DaemonLogWish): Promise<number> {
  const end = await interruptible((signal) => printLog(terminal, wish, signal)).catch((error: unknown) => {
    throw systemCode(error) === 'EISDIR' ? stateProblem(statePaths(stateDirectory()).log, error) : error
  })
  return end === interrupted ? interruptedExit : 0
}

async function printLog(terminal: Terminal, wish: DaemonLogWish, signal: AbortSignal): Promise<void> {
  const file = statePaths(stateDirectory()).log
  let isFirst = true
  for await (const batch of logLines(file, {follow: wish.follow, signal})) {
    if (isFirst && batch.length === 0) terminal.note(`There is no log yet at ${file}.`)
    const lines = batch.filter((line) => line !== '' && isAtLeast(line, wish.level))
    const from = isFirst && wish.tail !== null ? Math.max(0, lines.length - wish.tail) : 0
    print(terminal, lines.slice(from))
    isFirst = false
  }
}

function print(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) {
    if (terminal.json) terminal.data(recordOf(line), 'line')
    else terminal.out(daemonLogText(line, terminal.style))
  }
}
