import type {Clock} from './clock.js'
import {abortReason} from './clock.js'

/**
 * Runs `work` under a time limit. At the limit its signal aborts with `onTimeout()`, and the result rejects with the same error
 * without waiting for `work` to notice. The timer keeps the process alive, so a promise that never settles cannot end it silently.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: {readonly clock: Clock; readonly ms: number; readonly onTimeout: () => Error; readonly signal?: AbortSignal},
): Promise<T> {
  const controller = new AbortController()
  const expired = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => {
      reject(abortReason(controller.signal))
    })
  })
  expired.catch(() => undefined)
  using _timer = options.clock.after(options.ms, () => {
    controller.abort(options.onTimeout())
  })
  const forward = (): void => {
    controller.abort(abortReason(options.signal))
  }
  if (options.signal?.aborted) forward()
  else options.signal?.addEventListener('abort', forward, {once: true})
  try {
    return await Promise.race([work(controller.signal), expired])
  } finally {
    options.signal?.removeEventListener('abort', forward)
  }
}
