import {text, type Schema} from '../keys/shapes.js'
import {closed, typeIsTemplate, typeName, when} from './entry-definitions.js'
import {mergeKeys, type BorrowedTypes} from './types.js'
import {specFields} from './spec-fields.js'

const own = ['type']
const type = {...text.schema, description: 'What leads on.', examples: ['ssh', 'docker', 'local']}

/** `{type, …}`: one layer, and what it takes. The same in parts: the items of a list are whole. */
export function layerDefinition(types: BorrowedTypes): Schema {
  return {
    type: 'object',
    description: 'What a command runs in: a type and what that type takes.',
    properties: {type: typeName(type, types.layers, 'layer')},
    required: ['type'],
    allOf: [
      {if: typeIsTemplate, then: closed(own, mergeKeys(types.layers, types.resolve))},
      ...types.layers.map((layer) =>
        when('type', layer, specFields(layer.schema, types.resolve, {keys: own, part: false})),
      ),
    ],
  }
}
