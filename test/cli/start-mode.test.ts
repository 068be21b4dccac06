import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {parseTimeout} from '../../src/cli/parse-timeout.js'
import {startChoices, startMode} from '../../src/cli/start-mode.js'

const flags = {'dry-run': false, wait: true, ci: false, foreground: false}

describe('the flags of start', () => {
  it('say how the start is followed', () => {
    assert.deepEqual(startMode(flags), {kind: 'settled'})
    assert.deepEqual(startMode({...flags, timeout: '1m30s'}), {kind: 'settled', timeoutMs: 90_000})
    assert.deepEqual(startMode({...flags, wait: false}), {kind: 'begun'})
    assert.deepEqual(startMode({...flags, 'dry-run': true}), {kind: 'plan'})
    assert.deepEqual(startMode({...flags, ci: true, timeout: '5s'}), {kind: 'all-or-nothing', timeoutMs: 5000})
    assert.deepEqual(startMode({...flags, foreground: true}), {kind: 'foreground', allOrNothing: false})
    assert.deepEqual(startMode({...flags, ci: true, 'exit-code-from': 'tests'}), {
      kind: 'foreground',
      allOrNothing: true,
      exitCodeFrom: 'tests',
    })
  })

  it('do not wait and go away at the same time', () => {
    const waiting = [{ci: true}, {foreground: true}, {'exit-code-from': 'tests'}, {timeout: '5s'}]
    for (const each of waiting) {
      assert.throws(() => startMode({...flags, wait: false, ...each}), {code: 'USAGE'}, JSON.stringify(each))
    }
  })

  it('tell the daemon only what was asked for', () => {
    assert.deepEqual(startChoices({'no-deps': false, 'rollback-on-failure': false}), {})
    assert.deepEqual(startChoices({'no-deps': true, 'rollback-on-failure': true, parallel: 2}), {
      dependencies: false,
      rollback: true,
      parallel: 2,
    })
  })

  it('take a duration with its unit, or seconds', () => {
    assert.deepEqual(parseTimeout(undefined), {})
    assert.deepEqual(parseTimeout('0'), {timeoutMs: 0})
    assert.deepEqual(parseTimeout('250ms'), {timeoutMs: 250})
    assert.throws(() => parseTimeout('soon'), {code: 'USAGE', subject: '--timeout soon'})
  })
})
