import type {Action, ServiceContext} from '@service-harness/cli/plugin'
import type {Config} from '../config.js'
import {storeOf} from '../store-of.js'

export type Input = Readonly<Record<string, never>>

export interface Output {
  readonly keys: readonly string[]
}

/** `harness action run SERVICE list` */
export const listKeys: Action<ServiceContext<Config>, Input, Output> = {
  summary: 'Tell all keys.',
  input: {type: 'object', additionalProperties: false},
  output: {
    type: 'object',
    required: ['keys'],
    properties: {keys: {type: 'array', items: {type: 'string'}}},
    additionalProperties: false,
  },
  run: async (_input, context) => ({keys: await storeOf(context).keys()}),
}
