import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import type {JsonObject} from '@service-harness/cli/plugin'
import {describeTaskType, openTestHost} from '@service-harness/cli/testing'
import register from '../src/register.js'

describeTaskType(
  'my-plugin',
  () => ({
    register,
    inputs: [{}, {tolerate: 2}],
    invalidInputs: [{tolerate: -1}, {tolerate: 'all'}, {ignore: 2}],
    task: {config: {tolerate: 1}, target: printing('1..2', 'ok 1 - adds', 'not ok 2 - subtracts')},
    check(output) {
      assert.deepEqual(output, {passed: 1, failed: 1})
    },
  }),
  {describe, it},
)

describe('a task that fails', () => {
  for (const {title, lines, reason} of [
    {title: 'names the tests that fail', lines: ['not ok 1 - adds', 'ok 2'], reason: /these tests fail: adds/},
    {title: 'tells that there was no test', lines: ['1..0'], reason: /no test result/},
  ]) {
    it(title, async () => {
      await using host = await openTestHost({register})
      await using stack = await host.start({
        services: {},
        tasks: {tests: {task_type: 'my-plugin', target: printing(...lines)}},
      })
      const {task} = await host.client.task.run({stack: stack.stack, task: 'tests', force: true})
      assert.equal(task.state, 'Failed')
      assert.match(task.reason ?? '', reason)
    })
  }
})

function printing(...lines: readonly string[]): JsonObject {
  return {type: 'process', binary: 'printf', args: ['%s\\n', ...lines]}
}
