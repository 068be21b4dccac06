import type {InstalledType, PluginProblem} from '../../contract/catalogue.js'
import {method} from '../method.js'
import {array, name, object, optional, ref} from '../schema-parts.js'

export const typesMethods = {
  'types.list': method<
    {readonly type?: string},
    {readonly types: readonly InstalledType[]; readonly problems: readonly PluginProblem[]}
  >({
    summary:
      'The executors, layers, service types and task types that are installed, with their schemas and the plugin they came from; with `type` those of this name.',
    since: 1,
    params: object({type: optional(name())}),
    result: object({types: array(ref('InstalledType')), problems: array(ref('PluginProblem'))}),
  }),
} as const
