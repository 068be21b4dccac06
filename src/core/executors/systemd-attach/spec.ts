import type {JsonSchema} from '../../base/json.js'
import {scopeSchema, unitSchema} from '../systemd/spec.js'
import type {Scope} from '../systemd/scope.js'

/** What `target: {type: systemd-attach}` takes. */
export interface AttachedUnitSpec {
  readonly unit: string
  readonly scope?: Scope
}

export const attachedUnitSpecSchema: JsonSchema<AttachedUnitSpec> = {
  type: 'object',
  description:
    'A service of systemd that runs already. Harness watches it and reads its journal, and never starts or ends it.',
  required: ['unit'],
  properties: {
    unit: {...unitSchema, description: 'A service that systemd knows.'},
    scope: scopeSchema,
  },
  additionalProperties: false,
}
