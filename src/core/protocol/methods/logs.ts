import {method, type Some} from '../method.js'
import {array, boolean, count, enumOf, integer, name, nullable, object, stackReference} from '../schema-parts.js'

export const logsMethods = {
  'logs.read': method<
    Some & {readonly tail: number | null; readonly attempts: 'all' | 'last'; readonly follow: boolean},
    {readonly lines: number}
  >({
    summary:
      'Sends the output of services and tasks as $/log notifications, merged in time order: the last `tail` lines (null: all), and with `follow` what comes, until cancelled.',
    since: 1,
    params: object({
      stack: stackReference(),
      services: array(name()),
      tail: nullable(count()),
      attempts: enumOf('all', 'last'),
      follow: boolean(),
    }),
    result: object({lines: integer()}),
  }),
} as const
