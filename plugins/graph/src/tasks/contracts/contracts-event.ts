import type {JsonSchema} from '@service-harness/cli/plugin'
import {object} from '../../shared/object-schema.js'
import {toolLine} from '../shared/tool-line.js'
import type {ContractsEvent} from './task-of.js'

/** The form of what tasks that deploy contracts tell meanwhile. */
export const contractsEvent: JsonSchema<ContractsEvent> = {
  anyOf: [
    object(
      {
        contract: {type: 'string', description: 'Its name.'},
        address: {type: 'string', description: 'Where it is, once that is known.'},
        status: {
          enum: ['deploying', 'deployed', 'reused', 'verified'],
          description: '`reused`: it was there before. `verified`: the chain has its code.',
        },
      },
      ['contract', 'status'],
    ),
    toolLine,
  ],
}
