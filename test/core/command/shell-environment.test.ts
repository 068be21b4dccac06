import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {describe, it} from 'mocha'
import {shellEnvironment} from '../../../src/core/command/shell-environment.js'
import {shellQuote} from '../../../src/core/command/shell-quote.js'

describe('shell quoting', () => {
  it('brings every character through a shell unchanged', () => {
    const text =
      Array.from({length: 0x17f}, (_, code) => String.fromCharCode(code + 1)).join('') + `'"$\`\\\n'' é 漢字 🎉`
    assert.equal(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], {encoding: 'utf8'}), text)
  })

  it('keeps the empty text a word', () => {
    assert.equal(shellQuote(''), "''")
  })
})

describe('an environment for a shell script', () => {
  it('exports what is an identifier, so that values stay out of argument lists', () => {
    assert.deepEqual(shellEnvironment({TOKEN: "it's", PATH: '/bin'}), {
      exports: ["export PATH='/bin'", "export TOKEN='it'\\''s'"],
      words: [],
    })
  })

  it('gives to env what a shell cannot hold or would act upon', () => {
    const {exports, words} = shellEnvironment({'a.b': '1', IFS: 'x', BASH_ENV: '/x', UID: '7', OPTIND: 'no', Ü: 'u'})
    assert.deepEqual(exports, [])
    assert.deepEqual(words, ["'BASH_ENV=/x'", "'IFS=x'", "'OPTIND=no'", "'UID=7'", "'a.b=1'", "'Ü=u'"])
  })
})
