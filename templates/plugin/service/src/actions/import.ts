import type {Action, ServiceContext} from '@service-harness/cli/plugin'
import type {Config} from '../config.js'
import {storeOf} from '../store-of.js'

export interface Input {
  readonly entries: Readonly<Record<string, string>>
}

export interface Output {
  readonly stored: number
}

/** Each is emitted while the action goes on: `{key: 'a', left: 3}`. */
export type Event = {
  readonly key: string
  readonly left: number
}

/** `harness action run SERVICE import --input '{"entries": {"a": "b"}}'` */
export const importEntries: Action<ServiceContext<Config>, Input, Output, Event> = {
  summary: 'Keep several texts, each under its key.',
  input: {
    type: 'object',
    required: ['entries'],
    properties: {
      entries: {type: 'object', additionalProperties: {type: 'string'}, description: 'Texts by their keys.'},
    },
    additionalProperties: false,
  },
  output: {
    type: 'object',
    required: ['stored'],
    properties: {stored: {type: 'integer', minimum: 0}},
    additionalProperties: false,
  },
  event: {
    type: 'object',
    required: ['key', 'left'],
    properties: {key: {type: 'string'}, left: {type: 'integer', minimum: 0}},
    additionalProperties: false,
  },
  async run({entries}, context) {
    const store = storeOf(context)
    const all = Object.entries(entries)
    for (const [index, [key, value]] of all.entries()) {
      await store.put(key, value)
      context.emit({key, left: all.length - index - 1})
    }
    return {stored: all.length}
  },
}
