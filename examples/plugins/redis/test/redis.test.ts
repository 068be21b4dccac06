import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, it} from 'mocha'
import {describeServiceType, describeTaskType, openTestHost} from '@service-harness/cli/testing'
import register, {redis} from '../src/register.js'

describeServiceType(
  'redis',
  () => ({
    register,
    configs: [{}, {databases: 2}],
    invalidConfigs: [{databases: 0}, {db: 2}],
    service: {config: {databases: 2}},
    actions: [
      {action: 'set', input: {key: 'a', value: '1'}},
      {
        action: 'get',
        input: {key: 'a'},
        check: (output) => {
          assert.deepEqual(output, {value: '1'})
        },
      },
      {
        action: 'flush',
        input: {},
        check: (output) => {
          assert.deepEqual(output, {removed: 1})
        },
      },
      {
        action: 'get',
        input: {key: 'a'},
        check: (output) => {
          assert.deepEqual(output, {value: null})
        },
      },
    ],
  }),
  {describe, it},
)

const data = path.join(import.meta.dirname, 'data.txt')

describeTaskType(
  'redis-load',
  () => ({
    register,
    inputs: [{service: 'cache', file: 'data.txt'}],
    invalidInputs: [{}, {service: 'cache', file: 1}],
    services: {cache: {service_type: 'redis'}},
    task: {config: {service: 'cache', file: data}},
    check: (output) => {
      assert.deepEqual(output, {loaded: 2})
    },
  }),
  {describe, it},
)

describe('redis', () => {
  it('says when it is ready, and what is loaded', async () => {
    await using host = await openTestHost({register})
    await writeFile(path.join(host.folder, 'keys.txt'), 'colour green\n')
    const heard: unknown[] = []
    const events = host.client.events({topics: ['service.event', 'task.event']})
    await events.ready
    const hearing = (async () => {
      for await (const item of events) if ('event' in item && heard.push(item.event) === 2) return
    })()
    await using stack = await host.start({
      services: {cache: {service_type: 'redis'}},
      tasks: {keys: {task_type: 'redis-load', config: {service: 'cache', file: 'keys.txt'}}},
    })
    await host.client.task.run({stack: stack.stack, task: 'keys', force: false})
    await hearing
    assert.deepEqual(heard, [{what: 'ready'}, {key: 'colour'}])
    assert.deepEqual(await stack.actions<typeof redis>('cache').get({key: 'colour'}), {value: 'green'})
  })
})
