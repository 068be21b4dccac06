import assert from 'node:assert/strict'
import {describe, it} from 'mocha'

import {checkPlugin} from '../../../src/core/plugin/plugin-shape.js'

const run = (): void => undefined
const task = {type: 't', summary: 's', input: {}, output: {}, run}

describe('plugin shape', () => {
  const cases: readonly [name: string, value: unknown, message: string][] = [
    ['nothing', undefined, 'plugin must be an object, found nothing'],
    ['null', null, 'plugin must be an object, found null'],
    ['text', 'docker', "plugin must be an object, found 'docker'"],
    ['a list', [], 'plugin must be an object, found a list'],
    ['no name', {}, 'plugin.name must be a string, found nothing'],
    ['an empty name', {name: ''}, 'plugin.name must be a string, found an empty string'],
    [
      'a field that is not known',
      {name: 'x', executor: []},
      'plugin.executor is not known, expected one of name, requires, executors, layers, serviceTypes, taskTypes',
    ],
    ['no list', {name: 'x', executors: {}}, 'plugin.executors must be a list, found an object'],
    ['no factory', {name: 'x', executors: [{}]}, 'plugin.executors[0] must be a function, found an object'],
    ['a bad requirement', {name: 'x', requires: ['a', 1]}, 'plugin.requires[1] must be a string, found 1'],
    [
      'a bad word',
      {name: 'x', taskTypes: [{...task, target: 'maybe'}]},
      "plugin.taskTypes[0].target must be one of none, required, found 'maybe'",
    ],
    [
      'a bad setup',
      {name: 'x', serviceTypes: [{type: 's', summary: 's', configSchema: {}, defaults: run, setup: {isComplete: run}}]},
      'plugin.serviceTypes[0].setup.perform must be a function, found nothing',
    ],
    [
      'a bad action',
      {name: 'x', serviceTypes: [{type: 's', summary: 's', configSchema: {}, defaults: run, actions: {mine: run}}]},
      'plugin.serviceTypes[0].actions.mine must be an object, found a function',
    ],
  ]
  for (const [name, value, message] of cases) {
    it(`refuses ${name}: ${message}`, () => {
      assert.throws(() => checkPlugin(value), {message: `its hook answered no plugin: ${message}`})
    })
  }

  it('names three fields and counts the rest', () => {
    assert.throws(() => checkPlugin({name: 'x', taskTypes: [{}]}), {
      message:
        'its hook answered no plugin: plugin.taskTypes[0].type must be a string, found nothing; ' +
        'plugin.taskTypes[0].summary must be a string, found nothing; ' +
        'plugin.taskTypes[0].input must be an object, found nothing; and 2 more',
    })
  })

  it('takes a plugin that brings nothing', () => {
    assert.deepEqual(checkPlugin({name: 'x'}), {name: 'x'})
  })
})
