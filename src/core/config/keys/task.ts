import {notBoth} from './rules.js'
import {entryKeys} from './entry.js'
import {anyMap, duration, either, listOf, mapOf, path, someText, text, whole} from './shapes.js'
import type {MapTable} from './table.js'

/** A task. Which types there are, and what they take, is added from the plugins. */
export const taskTable: MapTable<'task'> = {
  title: 'A task',
  about:
    'Work with an end. It runs when something that is started needs it, by its schedule, or with `harness task run`.',
  keys: {
    task_type: {
      description: 'What kind of work it is. `command` runs its target to the end; plugins bring others.',
      value: {...text, shown: 'name of a task type'},
      example: 'command',
      required: true,
    },
    target: {
      description: 'Where it runs: a `type` and what that type takes. `env` may stand in it as well.',
      value: {...anyMap, shown: '[target](#types)'},
      example: {type: 'process', binary: 'node', args: ['migrate.mjs']},
    },
    action: {
      description: 'What the task type is to do; its `type` picks one of several actions. The same as `config`.',
      value: {...anyMap, shown: 'what the task type takes'},
      example: {type: 'DeployAll'},
    },
    config: {
      description: 'What the task type is to do. The same as `action`.',
      value: {...anyMap, shown: 'what the task type takes'},
      example: {query: 'SELECT 1'},
    },
    ...entryKeys,
    creates: {
      description:
        'It is done, and is not run, when this path exists. A relative path starts at the folder of the stack file.',
      value: path,
      example: 'dist/index.html',
    },
    status: {
      description: 'It is done, and is not run, when this program ends with 0. It runs on this machine.',
      value: either(someText, listOf(text, 'texts', 1), mapOf('command')),
      example: ['test', '-e', 'dist'],
    },
    timeout: {description: 'How long one run may take.', value: duration, default: '10m', example: '30s'},
    retries: {
      description: 'How often a run that failed is tried again, or the long form.',
      value: either(whole(0, 1000), mapOf('retries')),
      default: 0,
      example: 3,
    },
    schedule: {
      description: 'When it runs by itself, while its stack is up.',
      value: mapOf('schedule'),
      example: {cron: '0 3 * * *', timezone: 'UTC'},
    },
  },
  rules: [notBoth('action', 'config')],
}
