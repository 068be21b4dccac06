import type {LogPosition} from '../../contract/log.js'
import {method, type Some} from '../method.js'
import {
  array,
  boolean,
  count,
  described,
  enumOf,
  integer,
  name,
  nullable,
  object,
  optional,
  ref,
  stackReference,
  string,
} from '../schema-parts.js'

export const logsMethods = {
  'logs.read': method<
    Some & {
      readonly tail: number | null
      readonly attempts: 'all' | 'last'
      readonly follow: boolean
      readonly since?: string
      readonly until?: string
      readonly grep?: string
      readonly after?: readonly LogPosition[]
    },
    {readonly lines: number}
  >({
    summary:
      'Sends the output of services and tasks as $/log notifications, merged in time order: the last `tail` lines (null: all) of those that are wanted, and with `follow` what comes, also of services and replicas that come later, until cancelled. The first one has `begin`; together with the `next` of the last line of each stream it is the `after` with which a later request goes on, no line twice and none missing.',
    since: 1,
    repeatable: 'never',
    params: object({
      stack: stackReference(),
      services: array(name()),
      tail: nullable(count()),
      attempts: enumOf('all', 'last'),
      follow: boolean(),
      since: optional(described('Lines printed at or after this time', ref('Time'))),
      until: optional(described('Lines printed before this time. Not with `follow`', ref('Time'))),
      grep: optional(
        described(
          'Only lines in which this regular expression is found (the syntax of RE2; at most 500 characters; the first 16 KiB of a line). Gaps are always sent',
          string(),
        ),
      ),
      after: optional(
        described(
          'What the client has already. Of a service that is listed, only these attempts and later ones are read',
          array(ref('LogPosition')),
        ),
      ),
    }),
    result: object({lines: integer()}),
  }),
} as const
