import {setMaxListeners} from 'node:events'
import {abortReason} from './clock.js'

/**
 * A signal that aborts with the first of these, with its reason. Dispose of it when the work is over. For AbortSignal.any, whose signal can be
 * collected in Node 20 while somebody still waits for it: the wait then never ends.
 */
export function anySignal(
  ...sources: readonly (AbortSignal | undefined)[]
): Disposable & {readonly signal: AbortSignal} {
  const controller = new AbortController()
  // As many wait for it as there are services, for one: what Node takes for a leak.
  setMaxListeners(0, controller.signal)
  const given = sources.filter((source) => source !== undefined)
  const undo = given.map((source) => {
    const abort = (): void => {
      controller.abort(abortReason(source))
    }
    if (source.aborted) abort()
    else source.addEventListener('abort', abort, {once: true})
    return () => {
      source.removeEventListener('abort', abort)
    }
  })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const step of undo) step()
    },
  }
}
