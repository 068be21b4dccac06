import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {ProcessEvent} from '@service-harness/cli/plugin'
import {toEvent} from '../src/event.js'

const at = '2026-01-01T00:00:00.000Z'

describe('the event of a line', () => {
  const line = (text: string, stream: 'stderr' | 'stdout' = 'stdout'): ProcessEvent => ({
    kind: 'line',
    at,
    stream,
    text,
  })

  it('tells which test passed', () => {
    assert.deepEqual(toEvent(line('ok 12 - adds - and more')), {test: 'adds - and more', ok: true})
    assert.deepEqual(toEvent(line('ok adds')), {test: 'adds', ok: true})
  })

  it('tells which test failed', () => {
    assert.deepEqual(toEvent(line('not ok 2 - subtracts')), {test: 'subtracts', ok: false})
    assert.deepEqual(toEvent(line('not ok')), {test: '', ok: false})
  })

  it('is not made of anything else', () => {
    for (const text of ['', 'TAP version 14', '1..2', '# ok 1', '  ok 1 - inside', 'okay']) {
      assert.equal(toEvent(line(text)), undefined, text)
    }
    assert.equal(toEvent(line('ok 1', 'stderr')), undefined)
    assert.equal(toEvent({kind: 'exited', at, status: {by: 'code', code: 0}}), undefined)
  })
})
