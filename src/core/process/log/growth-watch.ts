import {abortReason, type Clock} from '../../base/clock.js'
import {watchFile} from '../watch-file.js'
import {settleMs} from './cut-signs.js'
import type {Growth} from './growth.js'

export interface GrowthWatch {
  /** Resolves when there is more than `offset`; rejects when `signal` aborts. */
  changed(offset: number, signal: AbortSignal): Promise<void>
  /** After a last look it goes on only for those who wait. */
  close(): void
}

/** Looks at a growing file no more often than this while nobody waits for it. */
const restMs = 250

/** One watch for all who wait, armed for one notice at a time: a program that writes without pause must not keep the daemon awake. */
export function watchGrowth(file: string, growth: Growth, clock: Clock): GrowthWatch {
  const waiters = new Map<() => void, number>()
  let watcher: Disposable | undefined
  let timer: Disposable | undefined
  let closed = false
  let failed = false

  const look = (): void => {
    failed = !sees(growth)
    for (const [resolve, offset] of [...waiters]) if (growth.end() > offset) resolve()
  }
  const disarm = (): void => {
    watcher?.[Symbol.dispose]()
    timer?.[Symbol.dispose]()
    watcher = undefined
    timer = undefined
  }
  const notice = (): void => {
    look()
    disarm()
    if (closed && waiters.size === 0) return
    timer = clock.after(pause(), arm)
  }
  const pause = (): number => {
    if (failed) return restMs
    if (growth.doubtful()) return settleMs + 5
    return waiters.size > 0 ? 1 : restMs
  }
  const arm = (): void => {
    disarm()
    const before = growth.end()
    watcher = watchFile(file, notice)
    look()
    if (!watcher || failed || growth.doubtful() || growth.end() !== before) notice()
  }
  const forget = (waiter: () => void): void => {
    waiters.delete(waiter)
    if (closed && waiters.size === 0) disarm()
  }
  arm()
  return {
    async changed(offset, signal) {
      await untilAborted(signal, (resolve) => {
        waiters.set(resolve, offset)
        if (watcher) look()
        else arm()
        return () => {
          forget(resolve)
        }
      })
    },
    close() {
      look()
      closed = true
      if (waiters.size === 0) disarm()
    },
  }
}

/** A file that cannot be read now (the daemon has no descriptor left) is looked at again. */
function sees(growth: Growth): boolean {
  try {
    growth.look()
    return true
  } catch {
    return false
  }
}

/** Resolves when `begin`'s callback is called, or rejects with the signal's reason; then undoes what `begin` did. */
async function untilAborted(signal: AbortSignal, begin: (resolve: () => void) => () => void): Promise<void> {
  if (signal.aborted) throw abortReason(signal)
  let undo = (): void => undefined
  let stop = (): void => undefined
  try {
    await new Promise<void>((resolve, reject) => {
      stop = () => {
        reject(abortReason(signal))
      }
      signal.addEventListener('abort', stop, {once: true})
      undo = begin(resolve)
    })
  } finally {
    signal.removeEventListener('abort', stop)
    undo()
  }
}
