import type {JsonSchema, ProcessEvent} from '@service-harness/cli/plugin'

/** What clients hear of a store as `service.event`. A type alias: interfaces are no JSON. */
export type StoreEvent =
  {readonly kind: 'stored'; readonly key: string} | {readonly kind: 'ended'; readonly well: boolean}

export const eventSchema: JsonSchema<StoreEvent> = {
  oneOf: [
    {
      type: 'object',
      required: ['kind', 'key'],
      properties: {kind: {const: 'stored'}, key: {type: 'string'}},
      additionalProperties: false,
    },
    {
      type: 'object',
      required: ['kind', 'well'],
      properties: {kind: {const: 'ended'}, well: {type: 'boolean'}},
      additionalProperties: false,
    },
  ],
}

/** What the server prints, and its end, as events. Most lines are none. */
export function toEvent(event: ProcessEvent): StoreEvent | undefined {
  switch (event.kind) {
    case 'line': {
      const key = /^stored (.+)$/.exec(event.text)?.[1]
      return key === undefined ? undefined : {kind: 'stored', key}
    }
    case 'exited':
      return {kind: 'ended', well: event.status.by === 'code' && event.status.code === 0}
    case 'started':
      return undefined
  }
}
