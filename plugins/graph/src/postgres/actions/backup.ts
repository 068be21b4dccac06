import {randomUUID} from 'node:crypto'
import {open, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {object} from '../../shared/object-schema.js'
import {connect} from '../connect.js'
import {serverMajor} from '../databases.js'
import {runTool} from '../dump/run-tool.js'
import type {Services} from '../postgres-services.js'
import type {MakeAction} from './action.js'
import {databaseField, pathField} from './fields.js'
import {firstDatabase} from './first-database.js'

export interface Output {
  readonly path: string
  readonly database: string
  readonly bytes: number
}

export const backup: MakeAction<{readonly path: string; readonly database?: string}, Output> = (services) => ({
  summary: 'Writes a database to a file (pg_dump, custom format), which is there as a whole or not at all.',
  input: object({path: pathField, database: databaseField}, ['path']),
  output: object({
    path: {type: 'string', description: 'The file, an absolute path. Only its owner may read it.'},
    database: {type: 'string', description: 'What is in it.'},
    bytes: {type: 'integer', description: 'Of the file.'},
  }),
  async run(input, context) {
    const database = input.database ?? firstDatabase(context)
    const file = path.resolve(context.directory, input.path)
    const major = await connect(context, services, database).then(serverMajor)
    const part = `${file}.${randomUUID()}.part`
    try {
      await makePrivate(part, services)
      const args = ['--format=custom', '--no-password']
      await runTool({name: 'pg_dump', args, file: part, database, major}, context, services)
      await rename(part, file).catch(unwritable(file, services))
    } finally {
      await rm(part, {force: true})
    }
    return {path: file, database, bytes: (await stat(file)).size}
  },
})

async function makePrivate(file: string, services: Services): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch(unwritable(file, services))
  await handle.close()
}

function unwritable(file: string, services: Services) {
  return (error: Error): never => {
    throw services.error('ACTION_FAILED', {
      subject: 'PostgreSQL',
      reason: `the backup cannot be written to ${path.dirname(file)}: ${error.message}`,
      hint: 'Name a file in a folder that is there.',
      cause: error,
    })
  }
}
