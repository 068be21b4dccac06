import {isatty} from 'node:tty'
import {systemCode} from '../core/base/errors.js'

const outputs = (): readonly NodeJS.WriteStream[] => [process.stdout, process.stderr]

/** `harness logs -f | head` ends when head does, and a command whose terminal is closed ends as well. */
export function endQuietlyWithoutReader(): void {
  for (const stream of outputs()) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (isLost(error)) process.exit(process.exitCode ?? 0)
      throw error
    })
  }
}

/**
 * For commands with something to finish: whoever reads their output may go away, which they are told once. Once that has happened, nothing
 * that is printed can fail any more.
 */
export function surviveLostOutput(onLost: () => void): Disposable {
  let lost = false
  const taken = outputs().map((stream) => {
    const before = stream.listeners('error') as ((error: Error) => void)[]
    const heard = (error: Error): void => {
      if (!isLost(error)) throw error
      if (!lost) onLost()
      lost = true
    }
    stream.removeAllListeners('error')
    stream.on('error', heard)
    return {stream, before, heard}
  })
  return {
    [Symbol.dispose]() {
      if (lost) return
      for (const {stream, before, heard} of taken) {
        stream.off('error', heard)
        for (const listener of before) stream.on('error', listener)
      }
    },
  }
}

/**
 * Node cannot exit without the terminal that it began with: it would abort while it gives that back. Where the terminal is gone, this ends the
 * process by SIGHUP, which shells show as 129.
 */
export function endWithoutTerminal(): void {
  const streams = [process.stdin, process.stdout, process.stderr] as const
  const isGone = streams.some((stream, fd) => stream.isTTY && !isatty(fd))
  if (!isGone) return
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}

/** A pipe that nobody reads, a terminal that is gone. */
function isLost(error: Error): boolean {
  const code = systemCode(error)
  return code === 'EPIPE' || code === 'EIO'
}
