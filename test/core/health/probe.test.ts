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
    assert.deepEqual(
      checks.map((check) => describeCheck(check)),
      ['http HEAD http://localhost/', 'tcp localhost:1', "command 'true'"],
    )
  })

  it('masks secrets before a part of the text is left out', async () => {
    const secret = `p?ss${'word'.repeat(100)}`
    const mask = (text: string): string => text.replaceAll(secret, '***')
    const http: ProbeCheck = {...checks[0]!, kind: 'http', url: `http://localhost:1/${secret}/x?a=b`} as ProbeCheck
    const failing: Exec = () => Promise.resolve({status: {by: 'code', code: 1}, stdout: '', stderr: `no ${secret}\n`})
    const tools = {exec: failing, logMatch: () => undefined, signal: new AbortController().signal, mask}
    assert.equal(describeCheck({kind: 'any', checks: [http]}, mask), 'any of http HEAD http://localhost:1/***/x?…')
    assert.match((await runProbe(http, tools)).message, /^http HEAD http:\/\/localhost:1\/\*\*\*\/x\?…: /)
    assert.equal((await runProbe(checks[2]!, tools)).message, "command 'true' exited with code 1: no ***")
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
