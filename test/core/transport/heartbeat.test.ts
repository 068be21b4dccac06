import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {Clock} from '../../../src/core/base/clock.js'
import {silentAfter, startHeartbeat} from '../../../src/core/transport/heartbeat.js'
import {limits} from '../../../src/core/protocol/messages.js'
import {seededRandom} from '../../support/seeded-random.js'
import {createFakeClock} from './fake-clock.js'

const {pingMs} = limits
const mostSilenceMs = 45_000

/** A heartbeat that notes when it pinged and when it gave up, in milliseconds. `answer`: what the other end does with a ping. */
function watched(answer: (beat: () => void) => void = () => undefined) {
  const fake = createFakeClock()
  let late = 0
  const clock: Clock = {...fake, after: (ms, callback) => fake.after(ms + late, callback)}
  const pings: number[] = []
  let dead: number | undefined
  const heartbeat = startHeartbeat({
    clock,
    pingMs,
    ping: () => {
      pings.push(fake.monotonic())
      answer(() => {
        heartbeat.beat()
      })
    },
    onDead: () => {
      dead = fake.monotonic()
    },
  })
  return {
    clock: fake,
    heartbeat,
    pings,
    /** From now on timers come so much later than they were asked for. */
    delay: (ms: number): void => {
      late = ms
    },
    dead: () => dead,
  }
}

describe('a heartbeat', () => {
  it('gives up who leaves two pings without an answer, well before 45 s (W7)', () => {
    const {clock, pings, dead} = watched()
    clock.advance(silentAfter(pingMs) - 1)
    assert.equal(dead(), undefined)
    clock.advance(1)
    assert.deepEqual([pings, dead()], [[15_000, 30_000], 40_000])
    assert.equal(clock.timers, 0)
  })

  it('gives nobody more than 45 s after a last sign of life, whenever that came, and nobody less than two pings (W7)', () => {
    const random = seededRandom(1)
    for (let round = 0; round < 500; round += 1) {
      const {clock, heartbeat, pings, dead} = watched()
      let last = 0
      for (let signs = Math.floor(random() * 5); signs > 0; signs -= 1) {
        clock.advance(random() * silentAfter(pingMs) * 0.99)
        if (dead() !== undefined) break
        last = clock.monotonic()
        heartbeat.beat()
      }
      clock.advance(mostSilenceMs)
      const silence = (dead() ?? Infinity) - last
      assert.ok(silence <= mostSilenceMs, `${silence} ms`)
      assert.ok(pings.filter((at) => at >= last).length >= 2)
    }
  })

  it('keeps to 45 s where each timer is a second late (W7)', () => {
    const {clock, heartbeat, delay, dead} = watched()
    clock.advance(pingMs)
    delay(1000)
    heartbeat.beat()
    clock.advance(mostSilenceMs)
    assert.ok((dead() ?? Infinity) <= pingMs + mostSilenceMs)
  })

  it('goes on for ever with who answers, and asks only every 15 s', () => {
    const {clock, pings, dead} = watched((beat) => {
      beat()
    })
    clock.advance(pingMs * 100)
    assert.deepEqual([pings.length, dead()], [100, undefined])
  })

  it('forgives one ping without an answer again and again', () => {
    let count = 0
    const {clock, dead} = watched((beat) => {
      count += 1
      if (count % 2 === 0) beat()
    })
    clock.advance(pingMs * 100)
    assert.equal(dead(), undefined)
  })

  it('is over when it is disposed of', () => {
    const {clock, heartbeat, pings} = watched()
    heartbeat[Symbol.dispose]()
    clock.advance(mostSilenceMs * 2)
    assert.deepEqual([pings, clock.timers], [[], 0])
  })
})
