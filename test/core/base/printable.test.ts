import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {printable, printableLines} from '../../../src/core/base/printable.js'

describe('printable text', () => {
  it('leaves ordinary text, tabs and other scripts as they are', () => {
    const text = 'ready\tin 3 ms – größer 日本語 🙂'
    assert.equal(printable(text), text)
  })

  it('takes out colours unless they are wanted, and ends them with the text', () => {
    assert.equal(printable('\x1B[31mred\x1B[39m'), 'red')
    assert.equal(printable('\x1B[31mred', {colours: true}), '\x1B[31mred\x1B[0m')
  })

  it('takes out cursor moves, titles and links, also when colours are wanted', () => {
    const nasty = 'a\x1B[2Jb\x1B[1;1Hc\x1B]0;title\x07d\x1B]8;;http://x\x1B\\e\x1BMf\x9B2Jg\x1BPq\x1B\\h'
    assert.equal(printable(nasty), 'abcdefgh')
    assert.equal(printable(nasty, {colours: true}), 'abcdefgh')
  })

  it('takes out sequences that are cut off', () => {
    assert.equal(printable('a\x1B['), 'a')
    assert.equal(printable('a\x1B'), 'a')
    assert.equal(printable('a\x1B]0;never ends'), 'a')
  })

  it('keeps a line on its line, so that it cannot fake another prefix', () => {
    assert.equal(printable('10%\r20%\r\n'), '10% 20%')
    assert.equal(printable('a\napi | b'), 'a api | b')
  })

  it('takes out lone control characters, NUL, and marks that reverse the text', () => {
    assert.equal(printable('a\x00b\x08c\x7Fd\x84e\u202Ef\u2066g'), 'abcdefg')
    assert.equal(printable('\x1B\x1B[31m[2Jx', {colours: true}).replaceAll(/\x1B\[\d+m/g, ''), '[2Jx')
  })

  it('takes out every mark of Unicode that turns text around, and ends lines with no other sign', () => {
    const marks = '\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u206A\u206F\uFFF9'
    for (const mark of marks) assert.equal(printable(`a${mark}b`), 'ab', JSON.stringify(mark))
    for (const end of ['\u2028', '\u2029', '\x85']) assert.equal(printable(`a${end}b | c`), 'a b | c')
  })

  it('leaves what joins signs to one', () => {
    const family = '\u{1F468}\u200D\u{1F469}'
    assert.equal(printable(family), family)
  })

  it('in several lines keeps these, each by itself', () => {
    const text = 'a\x1B]0;never ends\nb\r\n\x1B[31mc\x1B[39m\x1B[2J\n'
    assert.equal(printableLines(text), 'a\nb\nc\n')
    assert.equal(printableLines(text, {colours: true}), 'a\nb\n\x1B[31mc\x1B[39m\n')
  })

  it('does not put a sequence together from what is left', () => {
    assert.doesNotMatch(printable('\x1B\x00[2J', {colours: true}), /\x1B/)
    assert.doesNotMatch(printable('\x1B[\x1B[31m2J'), /\x1B/)
  })
})
