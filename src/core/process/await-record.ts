import {setMaxListeners} from 'node:events'
import type {Clock} from '../base/clock.js'
import {abortReason} from '../base/clock.js'
import {watchFile} from './watch-file.js'

const pollMs = 50

/** Waits until `read` finds something in a file that someone else writes. `undefined` after `ms`. */
export function awaitRecord<T>(
  read: () => T | undefined,
  options: {readonly file: string; readonly clock: Clock; readonly ms: number; readonly signal?: AbortSignal},
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const until = options.clock.monotonic() + options.ms
    let timer: Disposable | undefined
    const look = (): void => {
      try {
        const found = read()
        if (found !== undefined || options.clock.monotonic() >= until)
          settle(() => {
            resolve(found)
          })
      } catch (error) {
        settle(() => {
          reject(error instanceof Error ? error : new Error(String(error)))
        })
      }
    }
    const stop = (): void => {
      settle(() => {
        reject(abortReason(options.signal))
      })
    }
    const poll = (): void => {
      timer = options.clock.after(pollMs, poll)
      look()
    }
    const watcher = watchFile(options.file, look)
    const settle = (answer: () => void): void => {
      watcher?.[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      options.signal?.removeEventListener('abort', stop)
      answer()
    }
    if (options.signal) setMaxListeners(0, options.signal)
    options.signal?.addEventListener('abort', stop, {once: true})
    if (options.signal?.aborted) stop()
    else poll()
  })
}
