import type {PluginServices, ProcessEvent, TaskContext, TaskType} from '@service-harness/cli/plugin'
import {eventSchema, toEvent, type TestEvent} from './event.js'
import {inputSchema, type Input} from './input.js'
import {outputSchema, type Output} from './output.js'

/** What `task_type: my-plugin` means: the target is a program that prints TAP. */
export function createTaskType(services: PluginServices): TaskType<Input, Output, TestEvent> {
  return {
    type: 'my-plugin',
    summary: 'Runs tests that print TAP, and counts them.',
    input: inputSchema,
    output: outputSchema,
    event: eventSchema,
    target: 'required',
    async run({tolerate = 0}, context) {
      const tests = await testsOf(context, services)
      const failed = tests.filter(({ok}) => !ok)
      if (tests.length === 0) throw failure(services, 'it has printed no test result')
      if (failed.length > tolerate)
        throw failure(services, `these tests fail: ${failed.map(({test}) => test).join(', ')}`)
      return {passed: tests.length - failed.length, failed: failed.length}
    },
    processEvent: toEvent,
  }
}

/**
 * All results, once the program has ended. Read from the beginning of its output: a daemon that comes back runs the task again, and `launch` then
 * answers with the program that is already there.
 */
async function testsOf(context: TaskContext<TestEvent>, services: PluginServices): Promise<readonly TestEvent[]> {
  const {signal} = context
  const handle = await context.launch()
  const ended = handle.wait(signal).then((status) => ({status, at: Date.now()}))
  const logs = handle.logs.map((source) => ({source, from: 0}))
  const events: ProcessEvent[] = []
  for await (const event of services.workloadEvents({logs, ended, signal})) events.push(event)
  signal.throwIfAborted()
  return events.map(toEvent).filter((test) => test !== undefined)
}

function failure(services: PluginServices, reason: string): Error {
  return services.error('TASK_FAILED', {
    reason,
    hint: 'Run `harness logs` with the name of the task to see all that it printed.',
  })
}
