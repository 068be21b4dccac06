import {object} from '../../shared/object-schema.js'
import {nameSchema} from '../config.js'
import {ensureDatabases} from '../databases.js'
import {resolvedConfig} from '../resolved-config.js'
import type {MakeAction} from './action.js'

export interface Output {
  readonly name: string
  readonly created: boolean
  readonly extensions: readonly string[]
}

export const createDatabaseAction: MakeAction<{readonly name: string}, Output> = (services) => ({
  summary: 'Makes a database as those of the config are: UTF-8, locale C, with the extensions.',
  input: object({name: {...nameSchema, description: 'Of the database.'}}),
  output: object({
    name: {type: 'string', description: 'Of the database.'},
    created: {type: 'boolean', description: '`false`: it was there.'},
    extensions: {
      type: 'array',
      items: {type: 'string'},
      description: 'What it has now, of the extensions of the config.',
    },
  }),
  async run({name}, context) {
    const created = await ensureDatabases(context, services, [name])
    return {name, created: created.length > 0, extensions: resolvedConfig(context.config).extensions}
  },
})
