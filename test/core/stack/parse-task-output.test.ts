import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {parseTaskOutput} from '../../../src/core/stack/parse-task-output.js'

describe('parseTaskOutput', () => {
  it('reads keys with values, of which the last counts', () => {
    assert.deepEqual(parseTaskOutput('A=1\n\nB=two words = 2\nA=3\nC=\nlast_one-2=no line end'), {
      A: '3',
      B: 'two words = 2',
      C: '',
      'last_one-2': 'no line end',
    })
    assert.deepEqual(parseTaskOutput(''), {})
  })

  it('reads values of several lines', () => {
    const text = 'KEY<<END\n{\n  "a<<b": 1\n}\nEND\nEMPTY<<END\nEND\nNEXT=1\n'
    assert.deepEqual(parseTaskOutput(text), {KEY: '{\n  "a<<b": 1\n}', EMPTY: '', NEXT: '1'})
  })

  it('reads lines that end as on Windows', () => {
    const text = 'A=1\r\n\r\nKEY<<END\r\none\r\ntwo\r\nEND\r\nB=2\r\n'
    assert.deepEqual(parseTaskOutput(text), {A: '1', KEY: 'one\ntwo', B: '2'})
  })

  const bad: readonly [text: string, reason: string][] = [
    ['A=1\nno key\n', 'line 2 of its outputs is not KEY=VALUE or KEY<<END'],
    [' A=1', 'line 1 of its outputs is not KEY=VALUE or KEY<<END'],
    ['=1', 'line 1 of its outputs is not KEY=VALUE or KEY<<END'],
    ['__proto__=1', "line 1 of its outputs has the key '__proto__', which no reference can name"],
    ['A<<END\nx\nEN', "line 1 of its outputs begins a value of 'A' with <<, and no line ends it"],
    ['A<<', "line 1 of its outputs begins a value of 'A' with <<, and no line ends it"],
    ['A=1\n2', 'line 2 of its outputs is not KEY=VALUE or KEY<<END'],
  ]
  for (const [text, message] of bad) {
    it(`says which line is wrong: ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseTaskOutput(text), {message})
    })
  }

  it('never quotes what the program wrote: it may be secret', () => {
    for (const text of [
      'token: hunter2',
      'A=1\nhunter2',
      'KEY<<hunter2\nhunter2!',
      '__proto__=hunter2',
      'my key=hunter2',
    ]) {
      assert.throws(
        () => parseTaskOutput(text),
        (error: Error) => !error.message.includes('hunter2'),
        text,
      )
    }
  })
})
