import {abortReason} from '../base/clock.js'

/** The promise, or the signal's reason when that comes first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(abortReason(signal))
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, {once: true})
    promise
      .finally(() => {
        signal.removeEventListener('abort', stop)
      })
      .then(resolve, reject)
  })
}
