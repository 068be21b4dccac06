import type {ServiceHealth} from '../../contract/status.js'
import {method, type Some} from '../method.js'
import {array, name, object, ref, stackReference, string} from '../schema-parts.js'

export const healthMethods = {
  'health.check': method<
    Some,
    {readonly stack: string; readonly name: string; readonly services: readonly ServiceHealth[]}
  >({
    summary:
      'Runs the health checks now and answers what each said. Changes nothing, and a failure counts towards nothing. When no service is named: those that run or should, and those that have failed.',
    since: 1,
    params: object({stack: stackReference(), services: array(name())}),
    result: object({stack: string(), name: name(), services: array(ref('ServiceHealth'))}),
  }),
} as const
