import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {daemonLogText} from '../../../src/cli/daemon-log/log-text.js'
import {createStyle} from '../../../src/cli/style.js'

const style = createStyle(false)

describe("a line of the daemon's log", () => {
  it('is time, level, message, and what else it says', () => {
    const record = {time: '2026-01-01T00:00:00.000Z', level: 'warn', message: 'a probe is late', service: 'api', ms: 7}
    assert.equal(
      daemonLogText(JSON.stringify(record), style),
      '2026-01-01T00:00:00.000Z warn  a probe is late service=api ms=7',
    )
  })

  it('stays as it is when it is no record, without control characters', () => {
    assert.equal(daemonLogText('Error: out of \x1B[2Jmemory', style), 'Error: out of memory')
    assert.equal(daemonLogText('{"half": ', style), '{"half": ')
    assert.equal(daemonLogText('42', style), '42')
  })
})
