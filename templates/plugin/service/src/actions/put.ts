import type {Action, ServiceContext} from '@service-harness/cli/plugin'
import type {Config} from '../config.js'
import {storeOf} from '../store-of.js'

export interface Input {
  readonly key: string
  readonly value: string
}

export interface Output {
  /** What was there before. */
  readonly before: string | null
}

/** `harness action run SERVICE put --param key=a --param value=b` */
export const putEntry: Action<ServiceContext<Config>, Input, Output> = {
  summary: 'Keep a text under a key.',
  input: {
    type: 'object',
    required: ['key', 'value'],
    properties: {
      key: {type: 'string', minLength: 1, description: 'Under what it is kept.'},
      value: {type: 'string', description: 'What is kept.'},
    },
    additionalProperties: false,
  },
  output: {
    type: 'object',
    required: ['before'],
    properties: {before: {type: ['string', 'null']}},
    additionalProperties: false,
  },
  async run({key, value}, context) {
    const store = storeOf(context)
    const before = (await store.get(key)) ?? null
    await store.put(key, value)
    return {before}
  },
}
