/** What the two threads tell each other, in 32-bit integers of shared memory: the place of each. */
export const words = {
  /** The number of the turn that goes on, from 1. 0: none; -1: there will be no more. */
  turn: 0,
  /** How long it may take, in milliseconds. Written before it begins. */
  limitMs: 1,
  /** The last that was interrupted; 0: none. */
  interrupted: 2,
  /** 1 while the other thread is at it. */
  busy: 3,
} as const

/**
 * What the other thread does: it waits for each turn to end and, where that takes too long, ends what the main thread is at: 200 ms later than the limit, because the deadline of the main thread comes first where that thread is free.
 *
 * A text, because a module would have to be loaded, and loaders may need the very thread that is not given back.
 */
export const interrupter = `
const {Session} = require('node:inspector')
const state = new Int32Array(require('node:worker_threads').workerData)

async function watchTurns() {
  for (;;) {
    Atomics.wait(state, ${words.turn}, 0)
    const turn = Atomics.load(state, ${words.turn})
    if (turn < 0) return
    if (turn === 0) continue
    const limit = Atomics.load(state, ${words.limitMs}) + 200
    if (Atomics.wait(state, ${words.turn}, turn, limit) !== 'timed-out') continue
    Atomics.store(state, ${words.busy}, 1)
    Atomics.store(state, ${words.interrupted}, turn)
    if (Atomics.compareExchange(state, ${words.turn}, turn, 0) === turn) await interruptMainThread()
    Atomics.store(state, ${words.busy}, 0)
  }
}

async function interruptMainThread() {
  const session = new Session()
  session.connectToMainThread()
  await new Promise((resolve) => session.post('Runtime.terminateExecution', resolve))
  session.disconnect()
}

watchTurns()
`
