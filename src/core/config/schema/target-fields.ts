import type {Schema} from '../keys/shapes.js'
import {propertiesOf, specFields} from './spec-fields.js'
import type {BorrowedType, BorrowedTypes} from './types.js'

/**
 * What a target takes whose type is this one: the fields of the type; or with a map `attach` those of the type for what runs there already, of which each
 * may stand in either map.
 */
export function targetFields(
  type: BorrowedType,
  {targets, resolve}: BorrowedTypes,
  {keys, part}: {readonly keys: readonly string[]; readonly part: boolean},
): Schema {
  const fields = specFields(type.schema, resolve, {keys, part})
  const attached = targets.find(({name}) => name === `${type.name}-attach`)
  if (!attached) return fields
  const outside = specFields(attached.schema, resolve, {keys: [...keys, 'attach'], part: true})
  const attach = {
    type: 'object',
    description: 'What runs there already: harness starts nothing, and watches that.',
    properties: propertiesOf(attached.schema, resolve),
    additionalProperties: outside['additionalProperties'],
  }
  return {
    if: {required: ['attach'], properties: {attach: {type: 'object'}}},
    then: {...outside, properties: {...(outside['properties'] as Schema), attach}},
    else: fields,
  }
}
