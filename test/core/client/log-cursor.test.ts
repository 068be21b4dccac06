import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {createLogCursor} from '../../../src/core/client/log-cursor.js'
import type {LogLine} from '../../../src/core/contract/log.js'

const line = (attempt: number, next: number): LogLine => ({
  time: '2026-01-01T00:00:00.000Z',
  stack: 'demo',
  service: 'api',
  stream: 'stdout',
  attempt,
  offset: 0,
  next,
  text: '',
})

describe('the cursor of logs', () => {
  it('is unknown until the first word, then the last place of each stream', () => {
    const cursor = createLogCursor()
    assert.equal(cursor.positions(), undefined)
    const begin = {service: 'api', attempt: 1, stream: 'stderr', offset: 4} as const
    cursor.note([], [begin])
    cursor.note([line(1, 10), line(1, 20)], undefined)
    assert.deepEqual(cursor.positions(), [begin, {service: 'api', attempt: 1, stream: 'stdout', offset: 20}])
  })

  it('forgets attempts that are no longer kept', () => {
    const cursor = createLogCursor()
    cursor.note([], [])
    for (let attempt = 1; attempt <= 20; attempt += 1) cursor.note([line(attempt, 1)], undefined)
    assert.deepEqual(
      cursor.positions()?.map(({attempt}) => attempt),
      [16, 17, 18, 19, 20],
    )
  })
})
