import type {JsonObject} from '../../base/json.js'
import type {StackStatus} from '../../contract/status.js'
import {method} from '../method.js'
import type {Topic} from '../topics.js'
import {array, boolean, count, described, integer, object, optional, ref, string} from '../schema-parts.js'

export const eventsMethods = {
  'events.subscribe': method<
    {readonly topics: readonly Topic[]; readonly snapshot: boolean; readonly after?: number; readonly epoch?: string},
    {
      readonly epoch: string
      readonly seq: number
      /** Present when asked for, and when `after` is too old to be replayed. */
      readonly snapshot?: readonly StackStatus[]
      /** Not everything after `after` can be replayed. */
      readonly gap?: boolean
    }
  >({
    summary:
      'Sends $/event for each event from now on; the snapshot is of the same moment. With `after` and `epoch`, first what was missed. Empty topics: all.',
    since: 1,
    params: object({
      topics: array(ref('Topic')),
      snapshot: boolean(),
      after: optional(count()),
      epoch: optional(string()),
    }),
    result: object({
      epoch: string(),
      seq: integer(),
      snapshot: optional(described('When asked for, and when there is a gap', array(ref('StackStatus')))),
      gap: optional(described('What came after `after` is not kept any more, or the epoch is another', boolean())),
    }),
  }),
  'events.unsubscribe': method<Record<string, never>, JsonObject>({
    summary: 'Ends the subscription of this connection.',
    since: 1,
    params: object({}),
    result: object({}),
  }),
} as const
