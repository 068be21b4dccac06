import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {createChannel} from '../../../src/core/base/channel.js'
import {abortReason} from '../../../src/core/base/clock.js'
import type {Json} from '../../../src/core/base/json.js'
import type {ExitStatus, ProcessEvent} from '../../../src/core/contract/command.js'
import type {TaskContext} from '../../../src/core/contract/task-type.js'
import type {WorkloadHandle} from '../../../src/core/contract/workload.js'
import {commandTask, createCommandTask} from '../../../src/core/executors/command-task.js'
import {compileSchema} from '../../../src/core/schema/compile.js'
import {FakeClock} from '../../../src/testing/fake-clock.js'

/** A workload that ends when the test says so, and a task that runs on it. */
function launched() {
  const events = createChannel<ProcessEvent>()
  const emitted: Json[] = []
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
    events: events.stream,
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
    emit: (event) => emitted.push(event),
    directory: '/',
    endpointOf: unused,
    run: unused,
    launch: () => Promise.resolve(handle),
  }
  const clock = new FakeClock()
  return {result: createCommandTask(clock).run({}, context), clock, events, emitted, end, controller}
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('command task', () => {
  it('passes lines on, also those that arrive after the end, and gives the exit code', async () => {
    const {result, events, emitted, end} = launched()
    await turn()
    events.emit({kind: 'started', at: '', pid: 1})
    events.emit({kind: 'line', at: '', stream: 'stdout', text: 'seeding'})
    events.emit({kind: 'line', at: '', stream: 'stderr', text: 'done'})
    end({by: 'code', code: 0})
    await turn()
    events.emit({kind: 'line', at: '', stream: 'stdout', text: 'bye'})
    events.emit({kind: 'exited', at: '', status: {by: 'code', code: 0}})
    assert.deepEqual(await result, {exitCode: 0})
    assert.deepEqual(emitted, [
      {stream: 'stdout', text: 'seeding'},
      {stream: 'stderr', text: 'done'},
      {stream: 'stdout', text: 'bye'},
    ])
    for (const event of emitted) assert.deepEqual(compileSchema(commandTask.event ?? {})(event), [])
    assert.deepEqual(compileSchema(commandTask.output)(await result), [])
  })

  const failures: readonly [status: ExitStatus, reason: string][] = [
    [{by: 'code', code: 3}, 'exit 3'],
    [{by: 'signal', signal: 'SIGKILL'}, 'killed by SIGKILL'],
    [{by: 'lost', reason: 'the machine was restarted'}, 'ended unseen (the machine was restarted)'],
  ]
  for (const [status, reason] of failures) {
    it(`fails by name: ${reason}`, async () => {
      const {result, events, end} = launched()
      end(status)
      await turn()
      events.emit({kind: 'exited', at: '', status})
      await assert.rejects(result, {code: 'TASK_FAILED', message: `Task 'seed' failed: ${reason}.`})
    })
  }

  it('does not wait for ever for lines of a command that had ended before', async () => {
    const {result, clock, end} = launched()
    end({by: 'code', code: 0})
    await turn()
    await clock.advance(2000)
    assert.deepEqual(await result, {exitCode: 0})
    assert.equal(clock.pending, 0)
  })

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
