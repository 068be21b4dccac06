import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {rowText} from '../../../src/core/progress/row-text.js'
import type {ProgressRow} from '../../../src/core/progress/rows.js'

const same = (text: string): string => text
const paint = {bold: same, cyan: same, dim: same, green: same, red: same, yellow: same}
const layout = {nameWidth: 6, width: 60, paint, live: true}
const row = (over: Partial<ProgressRow>): ProgressRow => ({
  kind: 'service',
  name: 'api',
  action: 'start',
  cause: 'asked for',
  state: null,
  waitsFor: [],
  message: null,
  phase: 'waiting',
  startedAt: null,
  endedAt: null,
  ...over,
})

describe('the text of a progress row', () => {
  it('says what it waits for', () => {
    const text = rowText(row({waitsFor: ['db', 'seed']}), 0, layout)
    assert.equal(text, '◌ api     waiting                for db, seed')
  })

  it('counts while it is busy, with the last words of the probe', () => {
    const busy = row({phase: 'busy', state: 'Starting', startedAt: 1000, message: 'connection refused'})
    assert.match(rowText(busy, 3480, layout), /^. api {5}Starting {8}2\.4 s {2}connection refused$/)
  })

  it('keeps the whole time when it is done', () => {
    const done = row({phase: 'done', state: 'Running', startedAt: 1000, endedAt: 2300, message: 'http 200'})
    assert.equal(rowText(done, 99_000, layout), '✔ api     Running         1.3 s')
  })

  it('says why it failed or is blocked', () => {
    const failed = row({phase: 'bad', state: 'Failed', startedAt: 0, endedAt: 200, message: 'exited with code 1'})
    assert.equal(rowText(failed, 0, layout), '✖ api     Failed          0.2 s  exited with code 1')
    const blocked = row({phase: 'bad', state: 'NotStarted', message: 'db failed'})
    assert.equal(rowText(blocked, 0, layout), '✖ api     Blocked                db failed')
  })

  it('stands still in the last picture', () => {
    const busy = row({phase: 'busy', state: 'Starting', startedAt: 0})
    assert.equal(rowText(busy, 400, {...layout, live: false}), '… api     Starting        0.4 s')
  })

  it('is cut to the width of the terminal', () => {
    const long = row({phase: 'busy', state: 'Starting', startedAt: 0, message: 'x'.repeat(200)})
    const text = rowText(long, 0, layout)
    assert.equal(Array.from(text).length, 60)
    assert.ok(text.endsWith('…'))
  })
})
