import assert from 'node:assert/strict'
import {describe, it} from 'mocha'
import {describeServiceType} from '@service-harness/cli/testing'
import register from '../src/register.js'

describeServiceType(
  'my-plugin',
  () => ({
    register,
    configs: [{}, {greeting: 'good morning'}],
    invalidConfigs: [{greeting: ''}, {greeting: 7}, {colour: 'red'}],
    service: {config: {greeting: 'good morning'}},
    actions: [
      {
        action: 'put',
        input: {key: 'greeting', value: 'good night'},
        check(output) {
          assert.deepEqual(output, {before: 'good morning'})
        },
      },
      {
        action: 'import',
        input: {entries: {a: '1', b: '2'}},
        check(output, events) {
          assert.deepEqual(output, {stored: 2})
          assert.deepEqual(events, [
            {key: 'a', left: 1},
            {key: 'b', left: 0},
          ])
        },
      },
      {
        action: 'list',
        input: {},
        check(output) {
          assert.deepEqual(output, {keys: ['a', 'b', 'greeting']})
        },
      },
    ],
  }),
  {describe, it},
)
