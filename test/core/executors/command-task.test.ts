import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {createChannel} from '../../../src/core/base/channel.js'
import {abortReason} from '../../../src/core/base/clock.js'
import type {ExitStatus, ProcessEvent} from '../../../src/core/contract/command.js'
import type {TaskContext} from '../../../src/core/contract/task-type.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {commandTask} from '../../../src/core/executors/command-task.js'
import {compileSchema} from '../../../src/core/schema/compile.js'

/** A workload that ends when the test says so, and a task that runs on it. */
function launched(outputs: Readonly<Record<string, string>> = {}) {
  const controller = new AbortController()
  let end: (status: ExitStatus) => void = () => undefined
  const ended = new Promise<ExitStatus>((resolve) => (end = resolve))
  const unused = (): never => assert.fail('the task must leave the workload to the host')
  const handle: WorkloadHandle = {
    id: 'demo-1a2b3c4d/seed/1',
    place: {},
    startedAt: 0,
    endpoints: [],
    logs: [],
    events: createChannel<ProcessEvent>().stream,
    wait: (signal) =>
      Promise.race([
        ended,
        new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => {
            reject(abortReason(signal))
          })
        }),
      ]),
    save: unused,
    stop: unused,
    destroy: unused,
    release: unused,
  }
  const context: TaskContext<{readonly stream: 'stderr' | 'stdout'; readonly text: string}> = {
    signal: controller.signal,
    emit: unused,
    directory: '/',
    endpointOf: unused,
    run: unused,
    launch: () => Promise.resolve(handle),
    outputs: () => Promise.resolve(outputs),
  }
  return {result: commandTask.run({}, context), end, controller}
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('command task', () => {
  it('answers what the program wrote as outputs, and its exit code', async () => {
    const {result, end} = launched({address: '0x1', exitCode: '7'})
    end({by: 'code', code: 0})
    assert.deepEqual(await result, {address: '0x1', exitCode: 0})
    assert.deepEqual(compileSchema(commandTask.output)(await result), [])
  })

  it('makes an event of each line', () => {
    const line = {kind: 'line', at: '', stream: 'stderr', text: 'no table'} as const
    const event = commandTask.processEvent?.(line)
    assert.deepEqual(event, {stream: 'stderr', text: 'no table'})
    assert.deepEqual(compileSchema(commandTask.event ?? {})(event), [])
    assert.equal(commandTask.processEvent?.({kind: 'exited', at: '', status: {by: 'code', code: 0}}), undefined)
  })

  const failures: readonly [status: ExitStatus, reason: string][] = [
    [{by: 'code', code: 3}, 'exit 3'],
    [{by: 'signal', signal: 'SIGKILL'}, 'killed by SIGKILL'],
    [{by: 'lost', reason: 'the machine was restarted'}, 'ended unseen (the machine was restarted)'],
  ]
  for (const [status, reason] of failures) {
    it(`fails by name: ${reason}`, async () => {
      const {result, end} = launched()
      end(status)
      await assert.rejects(result, {code: 'TASK_FAILED', message: `Task 'seed' failed: ${reason}.`})
    })
  }

  it('ends with the reason when it is cancelled, and leaves the workload to the host', async () => {
    const {result, controller} = launched()
    await turn()
    controller.abort(new Error('stopped'))
    await assert.rejects(result, {message: 'stopped'})
  })

  it('takes no input of its own and needs a target', () => {
    const check = compileSchema(commandTask.input)
    assert.deepEqual(check({}), [])
    assert.equal(check({command: 'x'})[0]?.key, 'command')
    assert.equal(commandTask.target, 'required')
  })
})
