import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseDotenv} from '../../../src/core/config/dotenv.js'

describe('a .env file', () => {
  it('holds names and values, with quotes and comments', () => {
    const text = [
      '\uFEFFPLAIN=a b # comment',
      '  export EXPORTED = x ',
      '# COMMENTED=no',
      "SINGLE='as $it \\n is # here'",
      'DOUBLE="a \\"b\\" \\n\\tc" # comment',
      'MULTI="one',
      'two"',
      'EMPTY=',
      'ONLY_COMMENT= # nothing',
      'HASH=a#b',
      'EQUALS=a=b=c',
      'PLAIN2=last',
      'not a line',
      '=nameless',
      '1BAD=x',
    ].join('\n')
    assert.deepEqual(Object.fromEntries(parseDotenv(text)), {
      PLAIN: 'a b',
      EXPORTED: 'x',
      SINGLE: 'as $it \\n is # here',
      DOUBLE: 'a "b" \n\tc',
      MULTI: 'one\ntwo',
      EMPTY: '',
      ONLY_COMMENT: '',
      HASH: 'a#b',
      EQUALS: 'a=b=c',
      PLAIN2: 'last',
      '1BAD': 'x',
    })
  })

  it('may have the line ends of Windows', () => {
    assert.deepEqual(Object.fromEntries(parseDotenv('A=1\r\nB="2"\r\nC=\r\nD=4')), {A: '1', B: '2', C: '', D: '4'})
  })
})
