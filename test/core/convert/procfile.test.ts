import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {convert, notesOf, written} from './convert.js'

describe('a Procfile', () => {
  it('is a service for each line, with the ports that foreman gives', () => {
    const text = '# mine\r\nweb: serve -p $PORT\r\n\r\nworker:   work "a: b" \'$x\'\n'
    assert.equal(
      written('procfile', text),
      `
services:
  web:
    type: process
    binary: sh
    args: [-c, serve -p $$PORT]
    ports: [5000]
    env: {PORT: '\${web.port}'}

  worker:
    type: process
    binary: sh
    args: [-c, 'work "a: b" ''$$x''']
    env: {PORT: '5100'}
`.trimStart(),
    )
  })

  it('renames what is no name, and tells of a release', () => {
    const notes = notesOf('procfile', 'Web_A: x\nrelease: migrate\n')
    assert.match(notes[0] ?? '', /is called 'web_a' here/)
    assert.match(notes[1] ?? '', /Heroku runs it before them/)
  })

  for (const [text, reason] of [
    ['', /has no line NAME: COMMAND/],
    ['# nothing\n', /has no line NAME: COMMAND/],
    ['web: x\n  - y\n', /line 2 must be NAME: COMMAND/],
    ['web:\n', /line 1 must be NAME: COMMAND/],
    ['we b: x\n', /line 1 must be/],
    ['web: a\0b\n', /line 1 must be/],
  ] as const) {
    it(`is refused: ${JSON.stringify(text)}`, () => {
      assert.throws(() => convert('procfile', text), {code: 'CONFIG_INVALID', message: reason})
    })
  }
})
