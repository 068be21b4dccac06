import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {codeFrame} from '../../../src/core/config/code-frame.js'

/** The frame of the first place where `word` stands: the line, and the mark under it. */
function frameOf(source: string, word: string, limit = 20): readonly [string, string] {
  const {text, before, marked} = codeFrame(source, {from: source.indexOf(word), length: word.length}, limit)
  return [text, ' '.repeat(before) + '^'.repeat(marked)]
}

describe('the line of a file under a problem', () => {
  it('is shown whole where it fits', () => {
    assert.deepEqual(frameOf('key: value', 'value'), ['key: value', '     ^^^^^'])
    assert.deepEqual(frameOf('x'.repeat(19) + 'y', 'y'), ['x'.repeat(19) + 'y', ' '.repeat(19) + '^'])
  })

  it('is cut around the mark where it is too long, with an ellipsis for what is left out', () => {
    const digits = '0123456789'.repeat(1000)
    assert.deepEqual(frameOf(`${digits}HERE${digits}`, 'HERE'), ['…456789HERE01234567…', '       ^^^^'])
    assert.deepEqual(frameOf(`HERE${digits}`, 'HERE'), ['HERE01234567890123…', '^^^^'])
    assert.deepEqual(frameOf(`${digits}HERE`, 'HERE'), ['…67890123456789HERE', ' '.repeat(15) + '^^^^'])
  })

  it('has a mark that ends where the shown part ends', () => {
    assert.deepEqual(frameOf(`key: ${'v'.repeat(10_000)}`, 'v'.repeat(10_000)), [
      'key: vvvvvvvvvvvvv…',
      '     ^^^^^^^^^^^^^',
    ])
  })

  it('marks one column behind the end of a line', () => {
    assert.deepEqual(codeFrame('key:', {from: 4, length: 1}, 20), {text: 'key:', before: 4, marked: 1})
    assert.deepEqual(codeFrame('', {from: 0, length: 1}, 20), {text: '', before: 0, marked: 1})
    const {text, before} = codeFrame('x'.repeat(100), {from: 100, length: 1}, 20)
    assert.deepEqual([text, before], [`…${'x'.repeat(18)}`, 19])
  })

  it('counts wide letters as two columns, marks on letters as none, and never cuts one apart', () => {
    assert.deepEqual(frameOf('名前: x', 'x'), ['名前: x', '      ^'])
    assert.deepEqual(frameOf('👩‍💻 e\u0301: x', 'x'), ['👩‍💻 e\u0301: x', '      ^'])
    assert.deepEqual(frameOf('a: 名前', '名前'), ['a: 名前', '   ^^^^'])
    assert.deepEqual(frameOf(`${'名'.repeat(500)}x${'👩‍💻'.repeat(500)}`, 'x'), ['…名名名x👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻…', '       ^'])
  })

  it('shows a tab as one space and leaves controls out, so that the mark stays in place', () => {
    assert.deepEqual(frameOf('\tkey:\tx', 'x'), [' key: x', '      ^'])
    assert.deepEqual(frameOf('\u001B[31m\u202Ex', 'x'), ['[31mx', '    ^'])
  })

  it('takes no time for a line of millions of characters, nor shows a letter that was cut in half', () => {
    const long = '👍'.repeat(2_000_000)
    const {text} = codeFrame(long, {from: 2_000_000 + 1, length: 1}, 20)
    assert.match(text, /^…(👍)+…$/u)
  })
})
