import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {describeTaskType} from '@service-harness/cli/testing'
import register from '../src/register.js'

describeTaskType(
  'my-plugin-seed',
  () => ({
    register,
    inputs: [
      {store: 'store', entries: {}},
      {store: 'store', entries: {a: '1'}},
    ],
    invalidInputs: [{}, {store: 'store'}, {store: '', entries: {}}, {store: 'store', entries: {a: 1}}],
    services: {store: {service_type: 'my-plugin'}},
    task: {config: {store: 'store', entries: {a: '1', b: '2'}}},
    async check(output, {client}) {
      assert.deepEqual(output, {stored: 2})
      const {output: listed} = await client.action.invoke({stack: 'test', service: 'store', action: 'list', input: {}})
      assert.deepEqual(listed, {keys: ['a', 'b', 'greeting']})
    },
  }),
  {describe, it},
)
