import {abortReason} from '../base/clock.js'

/** Who waits for a promise: one reaction for all of them, because a promise keeps each that it was ever given. */
const waiting = new WeakMap<Promise<unknown>, Set<() => void>>()

/** The promise, or the signal's reason when that comes first. Nothing is left behind by one that gives up. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal && (await abortsBefore(promise, signal))) throw abortReason(signal)
  return promise
}

function abortsBefore(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true)
  const listeners = listenersOf(promise)
  return new Promise((resolve) => {
    const done = (aborted: boolean): void => {
      listeners.delete(onSettled)
      signal.removeEventListener('abort', onAbort)
      resolve(aborted)
    }
    const onSettled = (): void => {
      done(false)
    }
    const onAbort = (): void => {
      done(true)
    }
    listeners.add(onSettled)
    signal.addEventListener('abort', onAbort, {once: true})
  })
}

function listenersOf(promise: Promise<unknown>): Set<() => void> {
  const known = waiting.get(promise)
  if (known) return known
  const listeners = new Set<() => void>()
  waiting.set(promise, listeners)
  const tell = (): void => {
    waiting.delete(promise)
    for (const listener of [...listeners]) listener()
  }
  promise.then(tell, tell)
  return listeners
}
