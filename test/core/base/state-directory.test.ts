import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {ensurePrivateDirectory} from '../../../src/core/base/private-files.js'
import {stateDirectory} from '../../../src/core/base/state-directory.js'

describe('stateDirectory', () => {
  it('is the one of HARNESS_STATE_DIR, else below XDG_STATE_HOME', () => {
    assert.equal(stateDirectory({HARNESS_STATE_DIR: '/a', XDG_STATE_HOME: '/b'}), '/a')
    assert.equal(stateDirectory({XDG_STATE_HOME: '/b'}), '/b/harness')
  })

  for (const [variable, value, shown] of [
    ['HARNESS_STATE_DIR', '/a\nb', String.raw`'/a\nb'`],
    ['XDG_STATE_HOME', '/a\r\n', String.raw`'/a\r\n/harness'`],
  ] as const) {
    it(`refuses a line break in ${variable}, and says where it is and what to type`, () => {
      assert.throws(
        () => stateDirectory({[variable]: value}),
        (error: Error & {code: string; hint: string}) => {
          assert.equal(error.code, 'STATE_UNSAFE')
          assert.ok(error.message.includes(`cannot use ${shown}`), error.message)
          assert.match(error.message, new RegExp(`comes from ${variable} has a line break in it \\(.*\\\\n`))
          assert.match(error.hint, /export HARNESS_STATE_DIR=/)
          return true
        },
      )
    })
  }

  it('that a program gives is refused with a line break as well', async () => {
    await assert.rejects(ensurePrivateDirectory('/tmp/a\nb'), {code: 'STATE_UNSAFE', message: /has a line break/})
  })
})
