import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseLogFilter} from '../../src/cli/parse-log-filter.js'
import {parseTime} from '../../src/cli/parse-time.js'

const now = new Date(2026, 5, 15, 12, 0, 0).getTime()

describe('a time on the command line', () => {
  it('is how long ago, a time of today, or a date', () => {
    const expected = [
      ['10m', now - 600_000],
      ['1h30m', now - 5_400_000],
      ['11:30', new Date(2026, 5, 15, 11, 30).getTime()],
      ['9:05:07', new Date(2026, 5, 15, 9, 5, 7).getTime()],
      ['2026-06-14', new Date(2026, 5, 14).getTime()],
      ['2026-06-14 10:00', new Date(2026, 5, 14, 10).getTime()],
      ['2026-06-14T10:00:00Z', Date.UTC(2026, 5, 14, 10)],
      ['2026-06-14T10:00:00.5+02:00', Date.UTC(2026, 5, 14, 8, 0, 0, 500)],
    ] as const
    for (const [text, time] of expected) assert.equal(parseTime('--since', text, now), time, text)
  })

  it('is nothing else', () => {
    for (const text of [
      '',
      '10',
      'yesterday',
      '25:00',
      '10:60',
      '2026-13-01',
      '2026-02-30',
      '2026-02-29T12:00',
      '2026-06-14T',
      '10 minutes',
      '-5m',
      '14.6.2026',
    ]) {
      assert.throws(() => parseTime('--since', text, now), {code: 'USAGE'}, text)
    }
  })
})

describe('the filter of harness logs', () => {
  it('shows 100 lines, or all that it is asked for', async () => {
    assert.deepEqual(await parseLogFilter({}, now), {tail: 100})
    assert.deepEqual(await parseLogFilter({grep: 'a'}, now), {tail: null, grep: 'a'})
    assert.deepEqual(await parseLogFilter({since: '1s', tail: '5'}, now), {
      tail: 5,
      since: new Date(now - 1000).toISOString(),
    })
  })

  it('names what is wrong', async () => {
    await assert.rejects(parseLogFilter({since: '1m', until: '2m'}, now), {code: 'USAGE', subject: '--until 2m'})
    await assert.rejects(parseLogFilter({grep: 'a('}, now), {code: 'USAGE', subject: '--grep a('})
  })
})
