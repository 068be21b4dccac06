import {randomBytes} from 'node:crypto'
import {access, constants} from 'node:fs/promises'
import path from 'node:path'
import type {Client} from 'pg'
import {object} from '../../shared/object-schema.js'
import {connect, ownDatabase} from '../connect.js'
import {createDatabase, dropDatabase, serverMajor} from '../databases.js'
import {runTool} from '../dump/run-tool.js'
import type {Context, Services} from '../postgres-services.js'
import {queryProblem} from '../problem.js'
import type {MakeAction} from './action.js'
import {databaseField, pathField} from './fields.js'
import {firstDatabase} from './first-database.js'

export interface Output {
  readonly path: string
  readonly database: string
  readonly tables: number
}

export const restore: MakeAction<{readonly path: string; readonly database?: string}, Output> = (services) => ({
  summary: 'Puts a backup in the place of a database. One that cannot be restored changes nothing.',
  input: object({path: pathField, database: databaseField}, ['path']),
  output: object({
    path: {type: 'string', description: 'The file, an absolute path.'},
    database: {type: 'string', description: 'Which holds what the backup holds, and nothing else.'},
    tables: {type: 'integer', description: 'So many it has now.'},
  }),
  async run(input, context) {
    const database = input.database ?? firstDatabase(context)
    const file = path.resolve(context.directory, input.path)
    await checkFile(file, services)
    // Beside the old one first: that is given up only for a whole one.
    const beside = `harness_restore_${randomBytes(6).toString('hex')}`
    const old = {isGone: false}
    try {
      await fill(beside, file, {context, services})
      context.progress(`puts it in the place of ${database}`)
      await withServer(context, services, database, async (client) => {
        await dropDatabase(client, database, services)
        old.isGone = true
        await rename(client, {beside, database, services})
      })
    } catch (error) {
      if (!old.isGone) await giveUp(beside, context, services)
      throw error
    }
    return {path: file, database, tables: await countTables(database, context, services)}
  },
})

async function checkFile(file: string, services: Services): Promise<void> {
  await access(file, constants.R_OK).catch((error: unknown) => {
    throw services.error('ACTION_FAILED', {
      subject: 'PostgreSQL',
      reason: `the backup cannot be read: ${(error as Error).message}`,
      hint: 'Name a file that `backup` has written.',
      cause: error,
    })
  })
}

interface Around {
  readonly context: Context
  readonly services: Services
}

async function fill(beside: string, file: string, {context, services}: Around): Promise<void> {
  const major = await connect(context, services, ownDatabase()).then(serverMajor)
  await withServer(context, services, undefined, (client) => createDatabase(client, beside, services))
  context.progress(`reads ${path.basename(file)}`)
  const args = ['--no-owner', '--exit-on-error', '--no-password', `--dbname=${beside}`]
  await runTool({name: 'pg_restore', args, file, database: beside, major}, context, services)
}

interface Renaming {
  readonly beside: string
  readonly database: string
  readonly services: Services
}

/** From now on there is nothing else that has the data. */
async function rename(client: Client, {beside, database, services}: Renaming): Promise<void> {
  const text = `alter database ${client.escapeIdentifier(beside)} rename to ${client.escapeIdentifier(database)}`
  await client.query(text).catch((error: unknown) => {
    throw services.error('ACTION_FAILED', {
      subject: 'PostgreSQL',
      reason: `what was restored could not be put in the place of '${database}': ${queryProblem(services, error, text).message}`,
      hint: `It is whole in the database '${beside}': \`${text}\` by hand.`,
      cause: error,
    })
  })
}

/** Also when the caller has gone. */
async function giveUp(beside: string, context: Context, services: Services): Promise<void> {
  const still = {...context, signal: AbortSignal.timeout(30_000)}
  await withServer(still, services, undefined, (client) => dropDatabase(client, beside, services)).catch(
    () => undefined,
  )
}

async function withServer<T>(
  context: Context,
  services: Services,
  database: string | undefined,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  await using connection = await connect(context, services, ownDatabase(database))
  return await work(connection.client)
}

async function countTables(database: string, context: Context, services: Services): Promise<number> {
  await using connection = await connect(context, services, database)
  const {rows} = await connection.client.query<{tables: number}>(
    `select count(*)::int as tables from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  return rows[0]?.tables ?? 0
}
