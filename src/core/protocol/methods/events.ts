import type {JsonObject} from '../../base/json.js'
import type {StackStatus} from '../../contract/status.js'
import {method} from '../method.js'
import {array, boolean, count, integer, object, optional, ref, string} from '../schema-parts.js'

export const eventsMethods = {
  'events.subscribe': method<
    {readonly topics: readonly string[]; readonly snapshot: boolean; readonly after?: number; readonly epoch?: string},
    {
      readonly epoch: string
      readonly seq: number
      /** Present when asked for, and when `after` is too old to be replayed. */
      readonly snapshot?: readonly StackStatus[]
    }
  >({
    summary:
      'Sends $/event for each event from now on; the snapshot is of the same moment. With `after` and `epoch`, first what was missed. Empty topics: all.',
    since: 1,
    params: object({
      topics: array(string()),
      snapshot: boolean(),
      after: optional(count()),
      epoch: optional(string()),
    }),
    result: object({epoch: string(), seq: integer(), snapshot: optional(array(ref('StackStatus')))}),
  }),
  'events.unsubscribe': method<Record<string, never>, JsonObject>({
    summary: 'Ends the subscription of this connection.',
    since: 1,
    params: object({}),
    result: object({}),
  }),
} as const
