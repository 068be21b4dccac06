import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {Sandbox} from '../support/harness.js'

describe('harness task run', function () {
  this.timeout(60_000)

  it('prints what the task says as it comes, and with --json one object a line', async () => {
    await using sandbox = await Sandbox.make()
    const good = 'echo one; echo two >&2; echo A=1 > $$HARNESS_OUTPUT'
    await sandbox.write(`
services:
  api: {type: process, binary: sleep, args: ['1000']}
tasks:
  good: {task_type: command, target: {type: process, binary: sh, args: [-c, '${good}']}}
  bad: {task_type: command, target: {type: process, binary: sh, args: [-c, 'echo no luck; exit 7']}}
  chatty: {task_type: command, target: {type: process, binary: seq, args: ['30000']}}
`)
    const plain = await sandbox.run('task', 'run', 'good')
    assert.equal(plain.stdout, 'one\nTask good: Succeeded.\n')
    assert.match(plain.stderr, /^two$/m)

    const records = async (name: string) => {
      const {stdout, code} = await sandbox.run('task', 'run', name, '--json')
      const lines = stdout.trim().split('\n')
      return {code, records: lines.map((line) => JSON.parse(line) as {error?: {code: string; message: string}})}
    }
    const {records: said} = await records('good')
    assert.deepEqual(said.map((each) => JSON.stringify(each)).sort(), [
      '{"event":{"stream":"stderr","text":"two"}}',
      '{"event":{"stream":"stdout","text":"one"}}',
      '{"output":{"A":"1","exitCode":0}}',
    ])
    assert.deepEqual(said.at(-1), {output: {A: '1', exitCode: 0}})

    const {records: failed, code} = await records('bad')
    assert.equal(code, 4)
    assert.deepEqual(failed[0], {event: {stream: 'stdout', text: 'no luck'}})
    assert.deepEqual([failed.length, failed[1]?.error?.code, failed[1]?.error?.message], [2, 'TASK_FAILED', 'exit 7'])

    const {stdout} = await sandbox.run('task', 'run', 'chatty')
    assert.deepEqual(
      stdout.trim().split('\n').slice(0, -1),
      Array.from({length: 30_000}, (_, index) => String(index + 1)),
    )
  })
})
