import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ProbeCheck} from '../../../src/core/contract/probe.js'
import {describeCheck, runProbe} from '../../../src/core/health/probe.js'
import type {Exec} from '../../../src/core/health/probes/command.js'

const exec: Exec = () => Promise.resolve({status: {by: 'code', code: 0}, stdout: '', stderr: ''})
const checks: readonly ProbeCheck[] = [
  {kind: 'http', url: 'http://user:secret@localhost/', method: 'HEAD', headers: {}, expectedStatus: '200'},
  {kind: 'tcp', host: 'localhost', port: 1},
  {kind: 'command', program: 'true', args: [], on: 'host'},
]

describe('probe', () => {
  it('names each kind of check without secrets', () => {
    assert.deepEqual(checks.map(describeCheck), ['http HEAD http://localhost/', 'tcp localhost:1', "command 'true'"])
  })

  it('gives each kind a result that names it', async () => {
    const signal = new AbortController().signal
    const results = await Promise.all(checks.map((check) => runProbe(check, {exec, logMatch: () => undefined, signal})))
    for (const [index, result] of results.entries()) {
      assert.ok(result.message.startsWith(checks[index]!.kind), result.message)
    }
    assert.equal(results[2]?.ok, true)
  })

  it('does nothing once aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    for (const check of checks) {
      await assert.rejects(runProbe(check, {exec: () => assert.fail('it ran'), logMatch: () => undefined, signal}), {
        message: 'stopped',
      })
    }
  })
})
