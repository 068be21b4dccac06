import {open, type FileHandle} from 'node:fs/promises'
import {systemClock} from '../core/base/clock.js'
import {systemCode} from '../core/base/errors.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import {stateProblem} from '../core/base/state-problem.js'
import {daemonLogText} from './daemon-log-text.js'
import {interrupted, interruptedExit, interruptible} from './interruptible.js'
import type {Terminal} from './terminal.js'

const pollMs = 200

/** `harness daemon logs`: reads the file, so that it works without a daemon. Answers the exit code. */
export async function showDaemonLog(
  terminal: Terminal,
  wish: {readonly tail: number | null; readonly follow: boolean},
): Promise<number> {
  const file = statePaths(stateDirectory()).log
  const handle = await openIfThere(file)
  if (handle === undefined) {
    terminal.out(`There is no log yet at ${file}.`)
    return 0
  }
  try {
    const end = await interruptible((signal) => printLog(handle, terminal, {...wish, signal}))
    return end === interrupted ? interruptedExit : 0
  } finally {
    await handle.close()
  }
}

async function printLog(
  handle: FileHandle,
  terminal: Terminal,
  wish: {readonly tail: number | null; readonly follow: boolean; readonly signal: AbortSignal},
): Promise<void> {
  const whole = await readFrom(handle, 0)
  const {lines, rest} = splitLines(whole.text)
  print(terminal, wish.tail === null ? lines : lines.slice(Math.max(0, lines.length - wish.tail)))
  let position = whole.end
  let pending = rest
  while (wish.follow && !wish.signal.aborted) {
    await systemClock.sleep(pollMs, wish.signal)
    const more = await readFrom(handle, position)
    position = more.end
    const split = splitLines(pending + more.text)
    print(terminal, split.lines)
    pending = split.rest
  }
  if (pending !== '') print(terminal, [pending])
}

function print(terminal: Terminal, lines: readonly string[]): void {
  for (const line of lines) {
    if (terminal.json) process.stdout.write(`${line}\n`)
    else terminal.out(daemonLogText(line, terminal.style))
  }
}

function splitLines(text: string): {readonly lines: readonly string[]; readonly rest: string} {
  const lines = text.split('\n')
  return {lines: lines.slice(0, -1), rest: lines.at(-1) ?? ''}
}

async function readFrom(handle: FileHandle, position: number): Promise<{readonly text: string; readonly end: number}> {
  const {size} = await handle.stat()
  const length = Math.max(0, size - position)
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, position)
  return {text: buffer.toString('utf8', 0, bytesRead), end: position + bytesRead}
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw stateProblem(file, error)
  }
}
