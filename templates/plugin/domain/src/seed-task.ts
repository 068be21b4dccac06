import type {JsonSchema, TaskType} from '@service-harness/cli/plugin'
import {openStore} from './store.js'

/** What `config` of a task takes in a stack file. */
export interface Input {
  /** A service of type `my-plugin`. */
  readonly store: string
  readonly entries: Readonly<Record<string, string>>
}

export interface Output {
  readonly stored: number
}

/** Each is emitted while the task goes on. A type alias: interfaces are no JSON. */
export type Event = {
  readonly key: string
}

const input: JsonSchema<Input> = {
  type: 'object',
  required: ['store', 'entries'],
  properties: {
    store: {type: 'string', minLength: 1, description: 'The service that is filled.'},
    entries: {type: 'object', additionalProperties: {type: 'string'}, description: 'Texts by their keys.'},
  },
  additionalProperties: false,
}

const output: JsonSchema<Output> = {
  type: 'object',
  required: ['stored'],
  properties: {stored: {type: 'integer', minimum: 0}},
  additionalProperties: false,
}

const event: JsonSchema<Event> = {
  type: 'object',
  required: ['key'],
  properties: {key: {type: 'string'}},
  additionalProperties: false,
}

/** What `task_type: my-plugin-seed` means: a store has these entries before others use it. */
export const seedTask: TaskType<Input, Output, Event> = {
  type: 'my-plugin-seed',
  summary: 'Fills a store.',
  input,
  output,
  event,
  dependsOn: ({store}) => [{kind: 'service', name: store}],
  async isComplete({store, entries}, context) {
    const known = new Set(await openStore(context.endpointOf(store), context.signal).keys())
    return Object.keys(entries).every((key) => known.has(key))
  },
  async run({store, entries}, context) {
    const opened = openStore(context.endpointOf(store), context.signal)
    for (const [key, value] of Object.entries(entries)) {
      await opened.put(key, value)
      context.emit({key})
    }
    return {stored: Object.keys(entries).length}
  },
}
