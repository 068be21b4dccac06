import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {createLineSplitter, longestLine, type TextLine} from '../../../../src/core/process/log/lines.js'

/** Splits the same bytes in pieces of every given size: the lines must not depend on them. */
function split(bytes: Buffer, size: number): readonly TextLine[] {
  const splitter = createLineSplitter()
  const lines = []
  for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size), at))
  const last = splitter.flush()
  return last ? [...lines, last] : lines
}

function texts(text: Buffer | string): readonly string[] {
  const bytes = Buffer.from(text)
  const whole = split(bytes, bytes.length)
  for (const size of [1, 2, 3, 7]) assert.deepEqual(split(bytes, size), whole, `in pieces of ${size}`)
  return whole.map((line) => line.text)
}

describe('lines of a log', () => {
  it('are whole whatever the pieces, with their positions', () => {
    assert.deepEqual(split(Buffer.from('one\n\ntwö\nrest'), 2), [
      {offset: 0, next: 4, text: 'one'},
      {offset: 4, next: 5, text: ''},
      {offset: 5, next: 10, text: 'twö'},
      {offset: 10, next: 14, text: 'rest'},
    ])
  })

  it('keep split characters, NUL and progress bars, and lose only their line end', () => {
    assert.deepEqual(texts('é漢🎉\n'), ['é漢🎉'])
    assert.deepEqual(texts('a\0b\n'), ['a\0b'])
    assert.deepEqual(texts('10%\r20%\r100%\ndone\r\n'), ['10%\r20%\r100%', 'done'])
  })

  it('show what is not UTF-8 as replacement characters', () => {
    assert.deepEqual(texts(Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3])), ['a\ufffdb', '\ufffd'])
  })

  it('may have 1 MiB; longer ones come in pieces of whole characters', () => {
    const exact = 'x'.repeat(longestLine)
    assert.deepEqual(
      split(Buffer.from(`${exact}\nnext\n`), 65_536).map(({text}) => text),
      [exact, 'next'],
    )
    const long = 'é'.repeat(longestLine)
    const pieces = split(Buffer.from(`a${long}\n`), 65_536).map(({text}) => text)
    assert.equal(pieces.join(''), `a${long}`)
    assert.equal(pieces.length, 2)
  })
})
