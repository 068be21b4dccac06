import {choice, decimal, duration, whole} from './shapes.js'
import type {KeyEntry, MapTable} from './table.js'

type WaitingKey = 'delay' | 'factor' | 'jitter' | 'max_delay'

/** What is waited before another attempt. */
const waiting: Readonly<Record<WaitingKey, KeyEntry>> = {
  delay: {description: 'Time before the first new attempt.', value: duration, default: '1s', example: '500ms'},
  factor: {
    description: 'Each further wait is this many times as long.',
    value: decimal(1, 100),
    default: 2,
    example: 1.5,
  },
  max_delay: {description: 'The longest wait.', value: duration, default: '1m', example: '30s'},
  jitter: {
    description: 'The part of each wait that is left to chance, so that not all come back at once.',
    value: decimal(0, 1),
    default: 0.1,
    example: 0.2,
  },
}

export const restartTable: MapTable<'restart'> = {
  title: 'Restart',
  about: 'The long form of `restart`.',
  keys: {
    policy: {
      description: 'When it is started again: `no`, after a failure (`on-failure`), or whenever it ends (`always`).',
      value: choice(['no', 'on-failure', 'always']),
      example: 'on-failure',
      required: true,
    },
    ...waiting,
    max_attempts: {
      description: 'More restarts than this within `window` are a crash loop, and it is left failed.',
      value: whole(0),
      default: 5,
      example: 10,
    },
    window: {description: 'The time in which restarts are counted.', value: duration, default: '1m', example: '10m'},
    reset_after: {
      description: 'Once it has run this long, counting and waiting begin anew.',
      value: duration,
      default: '1m',
      example: '5m',
    },
  },
}

export const retriesTable: MapTable<'retries'> = {
  title: 'Retries',
  about: 'The long form of `retries` of a task.',
  keys: {
    attempts: {
      description: 'How often a run that failed is tried again.',
      value: whole(0, 1000),
      example: 3,
      required: true,
    },
    ...waiting,
  },
}
