import {nameSchema} from '../config.js'

/** Fields that several actions have. */
export const databaseField = {
  ...nameSchema,
  description: 'The database. Left out: the first one of the config.',
}

export const pathField = {
  type: 'string',
  minLength: 1,
  description: 'The file, on the machine of harness; a relative path starts at the folder of the stack file.',
} as const
