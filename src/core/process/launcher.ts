import {execFile} from 'node:child_process'
import {systemClock, type Clock} from '../base/clock.js'
import {openShell, type DetachedShell} from './detached-shell.js'
import type {PlatformTools} from './platform.js'
import {launcherText, singleShimText} from './shim.js'

/** One shim to start. */
export interface ShimOrder {
  readonly directory: string
  readonly capture: 'file' | 'merge' | 'merge-pipe' | 'pipe'
  readonly graceMs: number
}

export interface Launcher {
  /**
   * Hands an order over. Until its result is disposed of, the order is given again when the launching shell dies; `onFailed` is told why
   * that has no end.
   */
  submit(order: ShimOrder, onFailed: (reason: string) => void): Promise<Disposable>
  /** Ends the launching shell; the shims go on. */
  close(): void
}

interface Pending {
  readonly words: readonly string[]
  readonly onFailed: (reason: string) => void
}

const patience = {attempts: 6, firstPauseMs: 50, steadyMs: 2000} as const

/**
 * Starts shims through one long-lived shell: a fork of a small shell costs a fraction of a spawn from Node and never blocks the event
 * loop. Giving an order twice is harmless: the second shim finds the claim taken.
 */
export function createLauncher(tools: PlatformTools, clock: Clock = systemClock): Launcher {
  const pending = new Set<Pending>()
  let shell: DetachedShell | undefined
  let pausing: Disposable | undefined
  let failures = 0
  let resetting: Promise<string | undefined> | undefined

  const open = (reset: string): DetachedShell => {
    const began = clock.monotonic()
    const opened = openShell(tools.sh, {text: launcherText, args: [], reset, input: 'pipe'}, (how) => {
      if (shell !== opened) return
      shell = undefined
      if (clock.monotonic() - began > patience.steadyMs) failures = 0
      if (pending.size > 0) again(reset, how)
    })
    return opened
  }
  const again = (reset: string, how: string): void => {
    failures += 1
    if (failures < patience.attempts) {
      pausing = clock.after(patience.firstPauseMs * 2 ** (failures - 1), () => {
        pausing = undefined
        for (const order of pending) give(order, reset)
      })
      return
    }
    failures = 0
    const reason = `the shell that starts programs ('${tools.sh}') ended ${patience.attempts} times at once: ${how}`
    for (const order of [...pending]) fail(order, reason)
  }
  const give = (order: Pending, reset: string): void => {
    shell ??= open(reset)
    shell.write(order.words.join(' '))
  }
  /** The shell is the shim: its end is no failure, unless it comes before the end of the order. */
  const giveAlone = (order: Pending): void => {
    openShell(tools.sh, {text: singleShimText, args: order.words, reset: tools.env, input: 'ignore'}, (how) => {
      fail(order, `the shell that starts programs ('${tools.sh}') ended before it had begun: ${how}`)
    })
  }
  const fail = (order: Pending, reason: string): void => {
    if (pending.delete(order)) order.onFailed(reason)
  }
  return {
    async submit(shim, onFailed) {
      resetting ??= findReset(tools)
      const reset = await resetting
      const order = {words: orderWords(shim), onFailed}
      pending.add(order)
      if (reset === undefined) giveAlone(order)
      else if (!pausing) give(order, reset)
      return {[Symbol.dispose]: () => void pending.delete(order)}
    },
    close() {
      pending.clear()
      pausing?.[Symbol.dispose]()
      pausing = undefined
      shell?.end()
    },
  }
}

function orderWords(order: ShimOrder): readonly string[] {
  return [String(Math.ceil(order.graceMs / 100)), order.capture, order.directory]
}

/** What undoes the ignoring of SIGINT and SIGQUIT in a shell's background; `undefined` where `env` cannot (busybox, old coreutils). */
function findReset(tools: PlatformTools): Promise<string | undefined> {
  const option = '--default-signal=INT,QUIT'
  return new Promise((resolve) => {
    execFile(tools.env, [option, tools.env], {env: {}, timeout: 5000}, (error) => {
      resolve(error ? undefined : `${tools.env} ${option}`)
    })
  })
}
