import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {LineEditor} from '../../../src/cli/session/line-editor.js'

/** What typing comes to: what is sent in <>, what is echoed as it is, and LEAVE. */
function typed(...texts: readonly (string | Uint8Array)[]): string {
  const editor = new LineEditor()
  return texts
    .flatMap((text) => editor.type(Buffer.from(text as string)))
    .map((effect) => (effect === 'leave' ? 'LEAVE' : 'send' in effect ? `<${effect.send}>` : effect.echo))
    .join('')
}

describe('LineEditor', () => {
  it('echoes what is typed and sends it with Enter', () => {
    assert.equal(typed('he', 'llo\r'), 'hello\r\n<hello\n>')
    assert.equal(typed('a\nb\n'), 'a\r\n<a\n>b\r\n<b\n>')
  })
  it('takes characters and lines back', () => {
    assert.equal(typed('ab\x7f\x7f\x7fc\r'), 'ab\b \b\b \bc\r\n<c\n>')
    assert.equal(typed('ab\x15c\r'), 'ab\b \b\b \bc\r\n<c\n>')
  })
  it('takes a character whole that comes in parts, and knows no arrow keys', () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    assert.equal(typed(first, second, '\r'), 'é\r\n<é\n>')
    assert.equal(typed('a\x1b[A\x1bOB\x1b[1;5Cb\x01\r'), 'ab\r\n<ab\n>')
  })
  it('leaves with Ctrl-P Ctrl-Q, with Ctrl-C, and with Ctrl-D in an empty line', () => {
    assert.equal(typed('a\x10', '\x11b'), 'aLEAVE')
    assert.equal(typed('\x10a\x11\r'), 'a\r\n<a\n>')
    assert.equal(typed('a\x03'), 'aLEAVE')
    assert.equal(typed('a\x04', '\x04'), 'a<a>LEAVE')
  })
})
