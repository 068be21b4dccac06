import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {scheduleTime} from '../../../src/core/stack/schedule-time.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

const hour = 3_600_000
const daily = {cron: '0 3 * * *', timezone: 'UTC', overlap: 'skip'} as const
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

describe('scheduleTime', () => {
  it('knows the next time of a cron expression in its time zone, and moves on when that has come', async () => {
    const clock = new FakeClock()
    const time = scheduleTime({...daily, timezone: 'Europe/Berlin'}, clock)
    assert.equal(iso(time.nextAt()), '2026-01-01T02:00:00.000Z')
    assert.equal(time.take(), false)
    await clock.advance(2 * hour)
    assert.equal(time.take(), true)
    assert.equal(time.take(), false)
    assert.equal(iso(time.nextAt()), '2026-01-02T02:00:00.000Z')
  })

  it('follows the clocks of its time zone over summer time', () => {
    const clock = new FakeClock(Date.UTC(2026, 2, 28, 12))
    const time = scheduleTime({...daily, cron: '30 3 * * *', timezone: 'Europe/Berlin'}, clock)
    assert.equal(iso(time.nextAt()), '2026-03-29T01:30:00.000Z')
  })

  it('takes a sixth field for seconds, and names for expressions', () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12))
    assert.equal(iso(scheduleTime({...daily, cron: '*/10 * * * * *'}, clock).nextAt()), '2026-01-01T12:00:10.000Z')
    assert.equal(iso(scheduleTime({...daily, cron: '@daily'}, clock).nextAt()), '2026-01-02T00:00:00.000Z')
    assert.throws(() => scheduleTime({...daily, cron: 'often'}, clock))
  })

  it('is due once when the clock is set back behind a time that has come', async () => {
    const clock = new FakeClock()
    const time = scheduleTime(daily, clock)
    await clock.advance(3 * hour)
    assert.equal(time.take(), true)
    clock.jump(-hour)
    assert.equal(time.take(), false)
    assert.equal(iso(time.nextAt()), '2026-01-02T03:00:00.000Z')
    await clock.advance(hour)
    assert.equal(time.take(), false)
  })

  it('is due once when the clock is set on past several times', () => {
    const clock = new FakeClock()
    const time = scheduleTime(daily, clock)
    clock.jump(75 * hour)
    assert.equal(time.take(), true)
    assert.equal(time.take(), false)
    assert.equal(iso(time.nextAt()), '2026-01-05T03:00:00.000Z')
  })

  it('forgets what was due by a clock that was far ahead', async () => {
    const clock = new FakeClock()
    const time = scheduleTime(daily, clock)
    clock.jump(1000 * hour)
    assert.equal(time.take(), true)
    await clock.advance(11 * hour)
    assert.equal(time.take(), true)
    clock.jump(-1000 * hour)
    assert.equal(time.take(), false)
    assert.equal(iso(time.nextAt()), '2026-01-02T03:00:00.000Z')
  })

  it('looks at the wall clock again each minute', () => {
    const clock = new FakeClock()
    assert.equal(scheduleTime(daily, clock).waitMs(), 60_000)
    clock.jump(3 * hour - 5000)
    assert.equal(scheduleTime(daily, clock).waitMs(), 5000)
  })

  it('measures intervals without the wall clock, and leaves out what was missed', async () => {
    const clock = new FakeClock()
    const time = scheduleTime({everyMs: hour, overlap: 'skip'}, clock)
    assert.equal(time.waitMs(), hour)
    clock.jump(-10 * hour)
    assert.equal(time.take(), false)
    await clock.advance(hour)
    clock.jump(100 * hour)
    assert.equal(time.take(), true)
    assert.equal(time.take(), false)
    assert.equal(time.nextAt(), clock.now() + hour)
    await clock.advance(3.5 * hour)
    assert.equal(time.take(), true)
    assert.equal(time.waitMs(), hour / 2)
  })
})
