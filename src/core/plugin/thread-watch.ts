import {url as debuggerUrl} from 'node:inspector'
import {Worker} from 'node:worker_threads'
import {systemClock} from '../base/clock.js'
import {interrupter, words} from './interrupter.js'

const lookMs = 5
const mostLooks = 200

/** What looks, from another thread, whether this one is given back. */
export interface ThreadWatch extends Disposable {
  /** From now until it is disposed of, what this thread is at may take so long. One turn at a time. */
  turn(limitMs: number): Turn
}

export interface Turn extends Disposable {
  /** It took too long while this thread was never free, and was ended. */
  readonly interrupted: boolean
  /** Resolves once the other thread has let go of this one: until then this process cannot end without a word of Node's. */
  released(): Promise<void>
}

/**
 * Watches this thread from another one. Code that never gives the thread back, an endless loop, can be ended by no timer of its own thread: V8 ends it, as
 * a debugger asks for that. Only code whose frames can all be lost may run in a turn.
 */
export function watchThread(): ThreadWatch {
  // Who steps through a plugin takes longer.
  if (debuggerUrl() !== undefined) return unwatched
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Object.keys(words).length)
  const state = new Int32Array(shared)
  const worker = new Worker(interrupter, {eval: true, execArgv: [], workerData: shared})
  worker.unref()
  // Plugins are loaded without it as well.
  worker.on('error', () => undefined)
  const say = (turn: number): void => {
    Atomics.store(state, words.turn, turn)
    Atomics.notify(state, words.turn)
  }
  let last = 0
  return {
    turn(limitMs) {
      const turn = ++last
      Atomics.store(state, words.limitMs, limitMs)
      say(turn)
      return {
        get interrupted() {
          return Atomics.load(state, words.interrupted) === turn
        },
        async released() {
          for (let look = 0; look < mostLooks && Atomics.load(state, words.busy) === 1; look++)
            await systemClock.sleep(lookMs)
          if (this.interrupted) await systemClock.sleep(lookMs)
        },
        [Symbol.dispose]() {
          say(0)
        },
      }
    },
    [Symbol.dispose]() {
      say(-1)
    },
  }
}

/** Watches nothing. */
export const unwatched: ThreadWatch = {
  turn: () => ({interrupted: false, released: () => Promise.resolve(), [Symbol.dispose]: () => undefined}),
  [Symbol.dispose]: () => undefined,
}
