import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import type {ExecResult} from '../../../../src/core/contract/workload.js'
import {probeCommand} from '../../../../src/core/health/probes/command.js'

const never = new AbortController().signal
const check = {kind: 'command', program: 'pg_isready', args: ['-U', 'postgres'], on: 'service'} as const

function ended(result: Partial<ExecResult>): Promise<ExecResult> {
  return Promise.resolve({status: {by: 'code', code: 0}, stdout: '', stderr: '', ...result})
}

describe('command probe', () => {
  const cases: readonly {name: string; result: Partial<ExecResult>; ok: boolean; message: string}[] = [
    {name: 'takes code 0', result: {}, ok: true, message: "command 'pg_isready' exited with code 0"},
    {
      name: 'shows the last line of standard error',
      result: {status: {by: 'code', code: 2}, stdout: 'checking\n', stderr: 'one\nno \x1b[31mresponse\n'},
      ok: false,
      message: "command 'pg_isready' exited with code 2: no response",
    },
    {
      name: 'else of standard output',
      result: {status: {by: 'code', code: 1}, stdout: 'rejecting connections\n'},
      ok: false,
      message: "command 'pg_isready' exited with code 1: rejecting connections",
    },
    {
      name: 'names a code without output',
      result: {status: {by: 'code', code: 3}},
      ok: false,
      message: "command 'pg_isready' exited with code 3, expected 0",
    },
    {
      name: 'never takes a signal for success',
      result: {status: {by: 'signal', signal: 'SIGKILL'}},
      ok: false,
      message: "command 'pg_isready' was ended by SIGKILL, expected 0",
    },
    {
      name: 'says that it was lost',
      result: {status: {by: 'lost', reason: 'the container is gone'}},
      ok: false,
      message: "command 'pg_isready' was lost: the container is gone",
    },
  ]
  for (const {name, result, ok, message} of cases) {
    it(name, async () => {
      assert.deepEqual(await probeCommand(check, () => ended(result), never), {ok, message})
    })
  }

  it('hands over the program and its arguments', async () => {
    const seen: unknown[] = []
    const exec = (command: unknown): Promise<ExecResult> => {
      seen.push(command)
      return ended({})
    }
    await probeCommand(check, exec, never)
    assert.deepEqual(seen, [{program: 'pg_isready', args: ['-U', 'postgres'], env: {}}])
  })

  it('takes a command that cannot run as a failure', async () => {
    const exec = (): Promise<ExecResult> => Promise.reject(new Error('spawn pg_isready ENOENT'))
    assert.deepEqual(await probeCommand(check, exec, never), {
      ok: false,
      message: "command 'pg_isready' could not run: spawn pg_isready ENOENT",
    })
  })

  it('rejects with the reason when it is aborted, whatever the killed command answers', async () => {
    const controller = new AbortController()
    const exec = (): Promise<ExecResult> => {
      controller.abort(new Error('stopped'))
      return ended({status: {by: 'signal', signal: 'SIGKILL'}})
    }
    await assert.rejects(probeCommand(check, exec, controller.signal), {message: 'stopped'})
  })
})
