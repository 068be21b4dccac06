import type {Clock} from '../../base/clock.js'
import {nobody, writeSome} from './terminal-inside.js'

const firstPauseMs = 5
const longestPauseMs = 100

/** Writes into a terminal at the pace of what reads there. Resolves when all of it was taken, or nobody is left to take it. */
export async function writeToTerminal(terminal: object, bytes: Uint8Array, clock: Clock): Promise<void> {
  let pauseMs = firstPauseMs
  for (let at = 0; at < bytes.length;) {
    const sent = writeSome(terminal, bytes.subarray(at))
    if (sent === nobody) return
    at += sent
    if (sent > 0) pauseMs = firstPauseMs
    else {
      await clock.sleep(pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }
}
