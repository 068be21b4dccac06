import {execFile, spawn, type ChildProcess} from 'node:child_process'
import {Socket} from 'node:net'
import type {PlatformTools} from './platform.js'
import {toolPath} from './platform.js'
import {launcherText, singleShimText} from './shim.js'

/** One shim to start. */
export interface ShimOrder {
  readonly directory: string
  readonly capture: 'file' | 'merge' | 'merge-pipe' | 'pipe'
  readonly graceMs: number
}

export interface Launcher {
  /** Hands an order over. Until its result is disposed of, the order is given again when the launching shell dies. */
  submit(order: ShimOrder): Promise<Disposable>
  /** Ends the launching shell; the shims go on. */
  close(): void
}

/**
 * Starts shims through one long-lived shell: a fork of a small shell costs a fraction of a spawn from Node and never blocks the event
 * loop. Giving an order twice is harmless: the second shim finds the claim taken.
 */
export function createLauncher(tools: PlatformTools): Launcher {
  const pending = new Set<ShimOrder>()
  let shell: ChildProcess | undefined
  let resetting: Promise<string | undefined> | undefined

  const open = (reset: string): ChildProcess => {
    const child = detach(tools.sh, {text: launcherText, reset, args: []}, 'pipe')
    child.stdin?.on('error', () => undefined)
    // A shell that could not be spawned says so, and never exits: the next order tries again.
    child.once('error', () => {
      if (shell === child) shell = undefined
    })
    child.once('exit', () => {
      if (shell === child) shell = undefined
      for (const order of pending) give(order, reset)
    })
    return child
  }
  const give = (order: ShimOrder, reset: string): void => {
    shell ??= open(reset)
    shell.stdin?.write(`${orderWords(order).join(' ')}\n`)
  }
  return {
    async submit(order) {
      resetting ??= findReset(tools)
      const reset = await resetting
      pending.add(order)
      if (reset === undefined) detach(tools.sh, {text: singleShimText, reset: tools.env, args: orderWords(order)})
      else give(order, reset)
      return {
        [Symbol.dispose]() {
          pending.delete(order)
        },
      }
    },
    close() {
      pending.clear()
      shell?.stdin?.end()
    },
  }
}

function orderWords(order: ShimOrder): readonly string[] {
  return [String(Math.ceil(order.graceMs / 100)), order.capture, order.directory]
}

/**
 * A shell in a session of its own that does not keep this process alive. It has no environment but its script and SHLVL, without
 * which bash would take standard input from a socket for a remote login and read the user's .bashrc.
 */
function detach(
  shell: string,
  script: {readonly text: string; readonly reset: string; readonly args: readonly string[]},
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  const child = spawn(shell, ['-c', 'eval "$HARNESS_SHIM"', 'harness', ...script.args], {
    cwd: '/',
    detached: true,
    env: {SHLVL: '2', HARNESS_SHIM: script.text, HARNESS_SHIM_PATH: toolPath(), HARNESS_SHIM_RESET: script.reset},
    stdio: [stdin, 'ignore', 'ignore'],
  })
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return child
}

/** What undoes the ignoring of SIGINT and SIGQUIT in a shell's background; `undefined` where `env` cannot (busybox, old coreutils). */
function findReset(tools: PlatformTools): Promise<string | undefined> {
  const option = '--default-signal=INT,QUIT'
  return new Promise((resolve) => {
    execFile(tools.env, [option, tools.env], {env: {}}, (error) => {
      resolve(error ? undefined : `${tools.env} ${option}`)
    })
  })
}
