import assert from 'node:assert/strict'
import type {Json, JsonObject} from '../core/base/json.js'
import type {ProcessEvent} from '../core/contract/command.js'
import type {RegisterHook} from '../core/contract/plugin.js'
import type {TaskType} from '../core/contract/task-type.js'
import type {RunningStack} from '../core/client/api/running-stack.js'
import {withCatalogue} from './catalogue-of.js'
import {assertCompiles, assertFits, assertRefuses} from './check-schema.js'
import type {TestRunner} from './executor-suite.js'
import {openTestHost, type TestHost} from './test-host.js'

/** A task type under test, and what only its author knows about it. */
export interface TaskTypeFixture {
  /** The default export of the plugin's module. */
  readonly register: RegisterHook
  /** Inputs that its schema must take. */
  readonly inputs: readonly Json[]
  /** Inputs that its schema must refuse. */
  readonly invalidInputs: readonly Json[]
  /** A task of this type as it stands in a stack file, without `task_type`. It is run for real, under the name `subject`. */
  readonly task: JsonObject
  /** Services of the stack, as in a stack file. @default none */
  readonly services?: JsonObject
  /** Throws when the output is not what was expected. It has been checked against its schema before. */
  readonly check?: (output: Json, host: TestHost) => Promise<void> | void
}

/**
 * The contract of task types as a test suite. The first part looks at what the type says of itself; the second runs a task of it:
 *
 *     describeTaskType('redis-seed', () => fixture, {describe, it})
 */
export function describeTaskType(
  type: string,
  setup: () => Promise<TaskTypeFixture> | TaskTypeFixture,
  runner: TestRunner,
): void {
  const withType = async (test: (found: TaskType, fixture: TaskTypeFixture) => void): Promise<void> => {
    const fixture = await setup()
    await withCatalogue(fixture.register, (catalogue) => {
      const found = catalogue.taskType(type)
      assert.ok(found, `the plugin brings no task type '${type}', but ${catalogue.names.taskTypes.join(', ')}`)
      test(found, fixture)
      return Promise.resolve()
    })
  }
  runner.describe(`task type contract: ${type}`, () => {
    runner.it('takes right inputs and refuses wrong ones', () =>
      withType(({input, output, event}, {inputs, invalidInputs}) => {
        assert.ok(inputs.length > 0, 'the fixture has no input')
        for (const given of inputs) assertFits(input, given, JSON.stringify(given))
        for (const given of invalidInputs) assertRefuses(input, given, 'its schema')
        assertCompiles(output, 'its output')
        if (event) assertCompiles(event, 'its event')
      }),
    )
    runner.it('names the same dependencies each time', () =>
      withType((found, {inputs}) => {
        for (const given of inputs) assert.deepEqual(found.dependsOn?.(given), found.dependsOn?.(given))
      }),
    )
    runner.it('makes events that fit its schema, or none, of whatever is printed', () =>
      withType((found) => {
        for (const happened of found.processEvent ? strangeEvents : []) {
          const made = found.processEvent?.(happened)
          if (made !== undefined) assertFits(found.event ?? {}, made, `the event for ${JSON.stringify(happened)}`)
        }
      }),
    )
    liveCases(type, setup, runner)
  })
}

function liveCases(type: string, setup: () => Promise<TaskTypeFixture> | TaskTypeFixture, runner: TestRunner): void {
  const it: TestRunner['it'] = (title, run) => runner.it(title, run)
  const live = async (test: (live: Live) => Promise<void>): Promise<void> => {
    const fixture = await setup()
    await using host = await openTestHost({register: fixture.register})
    const subject = {...fixture.task, task_type: type}
    await using stack = await host.start({services: fixture.services ?? {}, tasks: {subject}})
    await test({fixture, host, stack})
  }
  it('does its work', () =>
    live(async ({fixture, host, stack}) => {
      const output = await runTask(host, stack)
      await fixture.check?.(output, host)
    }))
  it('can be done again', () =>
    live(async ({host, stack}) => {
      await runTask(host, stack)
      await runTask(host, stack)
    }))
  it('is complete afterwards, where it says so', () =>
    live(async ({fixture, host, stack}) => {
      const asks = await withCatalogue(fixture.register, (catalogue) =>
        Promise.resolve(catalogue.taskType(type)?.isComplete !== undefined),
      )
      if (!asks) return
      await runTask(host, stack)
      const {task} = await host.client.task.run({stack: stack.stack, task: 'subject', force: false})
      assert.equal(task.state, 'Skipped', 'it has run once more although it is complete')
    }))
}

interface Live {
  readonly fixture: TaskTypeFixture
  readonly host: TestHost
  readonly stack: RunningStack
}

async function runTask({client}: TestHost, {stack}: RunningStack): Promise<Json> {
  const {task} = await client.task.run({stack, task: 'subject', force: true})
  assert.equal(task.state, 'Succeeded', task.reason ?? '')
  return task.outputs
}

const at = '2026-01-01T00:00:00.000Z'

/** What programs print is not made for parsers. */
const strangeEvents: readonly ProcessEvent[] = [
  {kind: 'started', at, pid: 1},
  ...['', ' ', '{', '{}', 'null', '\u0000\u001b[31m', '=', 'a=b', '💥'.repeat(1000)].flatMap((text) =>
    (['stdout', 'stderr'] as const).map((stream) => ({kind: 'line', at, stream, text}) as const),
  ),
  {kind: 'exited', at, status: {by: 'code', code: 0}},
  {kind: 'exited', at, status: {by: 'signal', signal: 'SIGKILL'}},
  {kind: 'exited', at, status: {by: 'lost', reason: 'nobody knows'}},
]
