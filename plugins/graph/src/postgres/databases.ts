import type {Client} from 'pg'
import {connect, ownDatabase, type Connection} from './connect.js'
import type {Context, Services} from './postgres-services.js'
import {codeOf, queryProblem} from './problem.js'
import {resolvedConfig} from './resolved-config.js'

/** Makes a database as graph-node needs it. `false`: it was there. */
export async function createDatabase(client: Client, name: string, services: Services): Promise<boolean> {
  const text = `create database ${client.escapeIdentifier(name)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`
  try {
    await client.query(text)
    return true
  } catch (error) {
    // Somebody else may have made it meanwhile: then both of them see the same row of the catalogue.
    if (['23505', '42P04'].includes(codeOf(error) ?? '')) return false
    throw queryProblem(services, error, text)
  }
}

/** Makes databases that are not there, and what extensions they lack. Answers which were made. */
export async function ensureDatabases(
  context: Context,
  services: Services,
  names: readonly string[],
): Promise<readonly string[]> {
  await using server = await connect(context, services, ownDatabase())
  const created: string[] = []
  for (const name of names) {
    if (!(await hasDatabase(server.client, name)) && (await createDatabase(server.client, name, services)))
      created.push(name)
    await ensureExtensions(context, services, name)
  }
  return created
}

export async function hasDatabase(client: Client, name: string): Promise<boolean> {
  const {rowCount} = await client.query('select from pg_database where datname = $1', [name])
  return rowCount === 1
}

async function ensureExtensions(context: Context, services: Services, database: string): Promise<void> {
  await using connection = await connect(context, services, database)
  const {client} = connection
  for (const name of await missingExtensions(client, context)) {
    const text = `create extension if not exists ${client.escapeIdentifier(name)}`
    try {
      await client.query(text)
    } catch (error) {
      if (codeOf(error) !== '23505') throw queryProblem(services, error, text)
    }
  }
}

/** Of those in the config. */
export async function missingExtensions(client: Client, {config}: Context): Promise<readonly string[]> {
  const {rows} = await client.query<{name: string}>('select extname as name from pg_extension')
  const there = new Set(rows.map(({name}) => name))
  return resolvedConfig(config).extensions.filter((name) => !there.has(name))
}

/** Ends the sessions of others in it first, also of those that come meanwhile. */
export async function dropDatabase(client: Client, name: string, services: Services): Promise<void> {
  const text = `drop database if exists ${client.escapeIdentifier(name)} with (force)`
  try {
    await client.query(text)
  } catch (error) {
    throw queryProblem(services, error, text)
  }
}

/** The major version of a server, by a session that is closed then. */
export async function serverMajor(connection: Connection): Promise<number> {
  await using session = connection
  const {rows} = await session.client.query<{number: number}>(
    `select current_setting('server_version_num')::int as number`,
  )
  return Math.floor((rows[0]?.number ?? 0) / 10_000)
}
