import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {Json} from '../../src/core/base/json.js'
import {printTaskEvent} from '../../src/cli/print-task-event.js'

function printed(event: Json, {task = 'seed', json = false} = {}): readonly unknown[] {
  const lines: unknown[] = []
  const terminal = {
    json,
    out: (line: string) => lines.push(line),
    warn: (line: string) => lines.push({stderr: line}),
    data: (value: unknown, layout?: string) => lines.push({value, layout}),
  }
  printTaskEvent(terminal, {task, event}, 'seed')
  return lines
}

describe('printTaskEvent', () => {
  it('prints the lines of a command as they are, without what moves a terminal', () => {
    assert.deepEqual(printed({stream: 'stdout', text: '\u001b[2Jone\u0007'}), ['one'])
    assert.deepEqual(printed({stream: 'stderr', text: 'two'}), [{stderr: 'two'}])
  })

  it('prints other events as JSON', () => {
    assert.deepEqual(printed({step: 1, text: 'a\nb'}), ['{"step":1,"text":"a\\nb"}'])
    assert.deepEqual(printed({stream: 'stdout', text: 'x', more: true}), ['{"stream":"stdout","text":"x","more":true}'])
    assert.deepEqual(printed('deployed \u202e'), ['"deployed \\u202e"'])
  })

  it('names another task than the one that was asked for', () => {
    assert.deepEqual(printed({stream: 'stdout', text: 'one'}, {task: 'first'}), ['first: one'])
    assert.deepEqual(printed({step: 1}, {task: 'first', json: true}), [
      {value: {task: 'first', event: {step: 1}}, layout: 'line'},
    ])
  })

  it('prints one object a line with --json', () => {
    assert.deepEqual(printed({stream: 'stdout', text: 'x'}, {json: true}), [
      {value: {event: {stream: 'stdout', text: 'x'}}, layout: 'line'},
    ])
  })
})
