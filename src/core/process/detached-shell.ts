import {spawn, type ChildProcess} from 'node:child_process'
import {Socket} from 'node:net'
import {messageOf} from '../base/errors.js'
import {toolPath} from './platform.js'

/** A shell that does not keep this process alive, and goes on without it. */
export interface DetachedShell {
  write(line: string): void
  /** Ends its input. */
  end(): void
}

export interface ShellScript {
  readonly text: string
  readonly args: readonly string[]
  /** What HARNESS_SHIM_RESET is to be. */
  readonly reset: string
  readonly input: 'ignore' | 'pipe'
}

/**
 * Runs a script in a session of its own. It has no environment but itself and SHLVL, without which bash would take standard input from
 * a socket for a remote login and read the user's .bashrc. `onEnd` is told once how it ended, or why it could not be run; never at once.
 */
export function openShell(shell: string, script: ShellScript, onEnd: (how: string) => void): DetachedShell {
  const refused = (error: unknown): void => {
    onEnd(`the system cannot run it: ${messageOf(error)}`)
  }
  let child: ChildProcess
  try {
    child = spawn(shell, ['-c', 'eval "$HARNESS_SHIM"', 'harness', ...script.args], {
      cwd: '/',
      detached: true,
      env: {SHLVL: '2', HARNESS_SHIM: script.text, HARNESS_SHIM_PATH: toolPath(), HARNESS_SHIM_RESET: script.reset},
      stdio: [script.input, 'ignore', 'ignore'],
    })
  } catch (error) {
    queueMicrotask(() => {
      refused(error)
    })
    return {write: () => undefined, end: () => undefined}
  }
  // One that could not be spawned says so, and never exits.
  child.once('error', refused)
  child.once('exit', (code, signal) => {
    onEnd(signal === null ? `exit ${code ?? 0}` : `killed by ${signal}`)
  })
  child.unref()
  child.stdin?.on('error', () => undefined)
  if (child.stdin instanceof Socket) child.stdin.unref()
  return {
    write: (line) => child.stdin?.write(`${line}\n`),
    end: () => child.stdin?.end(),
  }
}
