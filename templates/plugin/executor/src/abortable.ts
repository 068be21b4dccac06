import {once} from 'node:events'

/** The promise, or the signal's reason when that comes first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await promise
  signal.throwIfAborted()
  const done = new AbortController()
  const aborted = once(signal, 'abort', {signal: done.signal}).then(
    () => {
      throw signal.reason
    },
    // The promise was first.
    () => promise,
  )
  try {
    return await Promise.race([promise, aborted])
  } finally {
    done.abort()
  }
}
