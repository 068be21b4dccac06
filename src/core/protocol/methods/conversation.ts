import type {LoadedPlugin, PluginChange} from '../../contract/catalogue.js'
import type {StateProblem} from './daemon.js'
import {method} from '../method.js'
import {array, integer, nullable, object, ref, string} from '../schema-parts.js'

export interface InitializeParams {
  readonly protocolVersion: number
  readonly client: {readonly name: string; readonly version: string}
}
export interface InitializeResult {
  readonly protocolVersion: number
  readonly daemon: {readonly version: string; readonly epoch: string; readonly pid: number}
  readonly plugins: readonly LoadedPlugin[]
  /** As in `daemon.info`. */
  readonly pluginChanges?: readonly PluginChange[]
  /** As in `daemon.info`. Daemons of earlier versions leave it out. */
  readonly stateProblem?: StateProblem | null
}

export const conversationMethods = {
  initialize: method<InitializeParams, InitializeResult>({
    summary: 'Opens the conversation. Nothing else is answered before it; an unequal protocol version is refused.',
    since: 1,
    params: object({protocolVersion: integer(), client: object({name: string(), version: string()})}),
    result: object({
      protocolVersion: integer(),
      daemon: object({version: string(), epoch: string(), pid: integer()}),
      plugins: array(ref('LoadedPlugin')),
      pluginChanges: array(ref('PluginChange')),
      stateProblem: nullable(ref('StateProblem')),
    }),
  }),
} as const
