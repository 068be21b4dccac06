import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {abortReason, isoTime, isTimeWithZone, steadyNow, systemClock} from '../../../src/core/base/clock.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

describe('system clock', () => {
  it('sleeps', async () => {
    const begin = systemClock.monotonic()
    await systemClock.sleep(5)
    assert.ok(systemClock.monotonic() - begin >= 4)
  })

  it('wakes with the reason when the signal aborts, before or meanwhile', async () => {
    const reason = new Error('stopped')
    await assert.rejects(systemClock.sleep(60_000, AbortSignal.abort(reason)), reason)
    const controller = new AbortController()
    const sleeping = systemClock.sleep(60_000, controller.signal)
    controller.abort(reason)
    await assert.rejects(sleeping, reason)
  })

  it('does not call back once disposed of', async () => {
    let called = false
    systemClock.after(0, () => (called = true))[Symbol.dispose]()
    await systemClock.sleep(5)
    assert.equal(called, false)
  })

  it('does not fire at once for times that a timer cannot hold', async () => {
    let called = false
    using _timer = systemClock.after(1e12, () => (called = true))
    await systemClock.sleep(5)
    assert.equal(called, false)
  })
})

describe('abort reason', () => {
  it('is always an error', () => {
    assert.equal(abortReason(AbortSignal.abort('because')).message, 'The operation was cancelled.')
    assert.equal(abortReason(undefined).message, 'The operation was cancelled.')
    assert.equal(abortReason(AbortSignal.abort(new Error('x'))).message, 'x')
  })
})

describe('ISO time', () => {
  it('is UTC with milliseconds', () => {
    assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z')
  })
})

describe('fake clock', () => {
  it('fires timers in order, each at its own time', async () => {
    const clock = new FakeClock()
    const fired: string[] = []
    clock.after(20, () => fired.push(`b ${clock.monotonic()}`))
    clock.after(10, () => fired.push(`a ${clock.monotonic()}`))
    clock.after(31, () => fired.push('too late'))
    await clock.advance(30)
    assert.deepEqual(fired, ['a 10', 'b 20'])
    assert.equal(clock.monotonic(), 30)
    assert.equal(clock.pending, 1)
  })

  it('lets what a timer wakes set the next one', async () => {
    const clock = new FakeClock()
    const ticks: number[] = []
    const run = async (): Promise<void> => {
      while (ticks.length < 3) {
        await clock.sleep(10)
        ticks.push(clock.monotonic())
      }
    }
    const running = run()
    await clock.advance(100)
    await running
    assert.deepEqual(ticks, [10, 20, 30])
  })

  it('ends a sleep when the signal aborts, and leaves no timer', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const sleeping = clock.sleep(10, controller.signal)
    controller.abort(new Error('stopped'))
    await assert.rejects(sleeping, {message: 'stopped'})
    await assert.rejects(clock.sleep(10, controller.signal), {message: 'stopped'})
    assert.equal(clock.pending, 0)
  })

  it('jumps without moving what is measured', async () => {
    const clock = new FakeClock(1000)
    clock.jump(-500)
    await clock.advance(10)
    assert.deepEqual([clock.now(), clock.monotonic()], [510, 10])
  })
})

describe('the steady clock', () => {
  it('goes on with the monotonic one from where the wall clock was', async () => {
    const clock = new FakeClock()
    const began = steadyNow(clock)
    assert.equal(began, clock.now())
    clock.jump(-3_600_000)
    await clock.advance(250)
    assert.equal(steadyNow(clock), began + 250)
  })
})

describe('a time with its zone', () => {
  it('is as RFC 3339 has it', () => {
    for (const text of ['2026-01-31T12:00:00Z', '2024-02-29T23:59:59.123456+05:45', '2026-01-31t12:00:00z', isoTime(0)])
      assert.ok(isTimeWithZone(text), text)
  })

  it('is nothing else', () => {
    const others = ['2026-01-31', '12:00', '2026-01-31T12:00:00', '2026-01-31 12:00:00Z', '2026-02-30T00:00:00Z']
    const wrong = [
      '2026-13-01T00:00:00Z',
      '2026-01-31T24:00:00Z',
      '2026-01-31T12:00Z',
      '2026-01-31T12:00:00+0100',
      'now',
    ]
    for (const text of [...others, ...wrong]) assert.equal(isTimeWithZone(text), false, text)
  })
})
