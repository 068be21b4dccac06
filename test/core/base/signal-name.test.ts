import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {signalNames, toSignal} from '../../../src/core/base/signal-name.js'

describe('toSignal', () => {
  it('takes a name in any case, with or without SIG, and a number', () => {
    for (const text of ['SIGHUP', 'sighup', 'HUP', 'hup', '1']) assert.equal(toSignal(text), 'SIGHUP', text)
    assert.equal(toSignal('9'), 'SIGKILL')
    assert.ok(signalNames.includes('SIGUSR1'))
  })
  it('takes nothing else', () => {
    for (const text of ['', 'SIG', 'HUPP', '0', '-1', '999', 'toString', '__proto__', ' HUP'])
      assert.equal(toSignal(text), undefined, text)
  })
})
