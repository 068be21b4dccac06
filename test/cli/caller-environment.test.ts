import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {callerEnvironment} from '../../src/cli/caller-environment.js'

describe("the caller's environment", () => {
  it("is handed on without harness's own settings and without what is not set", () => {
    const env = {PATH: '/bin', EMPTY: '', HARNESS_STATE_DIR: '/x', UNSET: undefined}
    assert.deepEqual(callerEnvironment(env), {PATH: '/bin', EMPTY: ''})
  })
})
