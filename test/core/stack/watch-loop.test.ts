import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Clock} from '../../../src/core/base/clock.js'
import {WatchLoop} from '../../../src/core/stack/watch-loop.js'

/** Changes so long after the end of what followed the one before, until they are a loop: how many. */
function changesUntilLoop(afterMs: number, files: (round: number) => string, meanwhile = false): number | undefined {
  let now = 0
  const clock = {monotonic: () => now} as Clock
  const loop = new WatchLoop(clock)
  for (let round = 1; round <= 100; round += 1) {
    if (loop.begin([files(round)], round > 1 && meanwhile)) return round
    loop.end()
    now += afterMs
  }
  return undefined
}

const same = (): string => 'src/stamp'
const others = (round: number): string => `src/${round}.js`

describe('a watch', () => {
  it('goes round in circles when each change comes right after what followed the one before', () => {
    assert.equal(changesUntilLoop(500, same), 6)
  })

  it('goes round in circles when there are more than ten in a minute, however regular', () => {
    assert.equal(changesUntilLoop(2500, same), 11)
    assert.equal(changesUntilLoop(5900, others), 11)
  })

  it('does not when people change files from time to time', () => {
    assert.equal(changesUntilLoop(6100, same), undefined)
  })

  it('goes round in circles when the same changes during what follows it, each time', () => {
    assert.equal(changesUntilLoop(20_000, same, true), 6)
    assert.equal(changesUntilLoop(20_000, others, true), undefined, 'people go on saving meanwhile')
  })
})
