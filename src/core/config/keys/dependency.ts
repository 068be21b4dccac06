import {exactlyOneOf} from './rules.js'
import {boolean, choice, text} from './shapes.js'
import type {MapTable} from './table.js'

const ofCompose = [
  'service_started',
  'service_healthy',
  'healthy',
  'service_completed_successfully',
  'completed_successfully',
]

/** An item of `dependencies` in its long form. */
export const dependencyTable: MapTable<'dependency'> = {
  title: 'A dependency',
  about: 'The long form of an item of `dependencies`. It names one service or one task.',
  keys: {
    service: {description: 'A service of the stack.', value: text, example: 'db'},
    task: {description: 'A task of the stack.', value: text, example: 'migrate'},
    condition: {
      description:
        'What it waits for: `started`, `ready`, `completed` (ended in any way) or `succeeded`. Left out, `ready` for a service and `succeeded` for a task. The words of Compose are understood as well.',
      value: choice(['started', 'ready', 'completed', 'succeeded'], ofCompose),
      example: 'ready',
    },
    required: {
      description: 'When `false` and what it names fails or is missing, it begins all the same.',
      value: boolean,
      default: true,
      example: false,
    },
    restart: {
      description: 'When somebody restarts what it names, this one is restarted after it.',
      value: boolean,
      default: false,
      example: true,
    },
  },
  rules: [exactlyOneOf('service', 'task')],
}
