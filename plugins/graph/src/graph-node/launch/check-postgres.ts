import type {Client} from 'pg'
import {reasonOf} from '../../shared/reason-of.js'

export interface Database {
  /** Hashes of what it indexes already, which graph-node goes on with as soon as it runs. */
  readonly deployments: readonly string[]
}

/** Without its database graph-node panics and lives on, with no port open. */
export async function checkPostgres(url: string): Promise<Database> {
  const address = addressIn(url)
  const {default: pg} = await import('pg')
  const client = new pg.Client({connectionString: url, connectionTimeoutMillis: 5000})
  // A server that goes away later is graph-node's business.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new Error(whyNot(error as Error & {readonly code?: string}, address))
  }
  try {
    await checkForm(client, address.database)
    return {deployments: await deploymentsIn(client)}
  } finally {
    await client.end()
  }
}

interface Address {
  readonly where: string
  readonly database: string
  readonly user: string
}

function addressIn(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new Error('POSTGRES_URL is no address of PostgreSQL, such as postgresql://user:password@host:5432/database')
  if (url.password === '')
    throw new Error(
      'POSTGRES_URL has no password, and graph-node insists on one: postgresql://user:password@host/database',
    )
  return {
    where: url.host,
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
  }
}

function whyNot(error: Error & {readonly code?: string}, {where, database, user}: Address): string {
  switch (error.code) {
    case '28000':
    case '28P01':
      return `PostgreSQL at ${where} refuses the login of '${user}': ${error.message}. Correct \`postgres\` in the config of the service`
    case '3D000':
      return `PostgreSQL at ${where} has no database '${database}': make it with the action \`create-database\` of its service, or correct \`postgres\` in the config of this one`
    default:
      return `PostgreSQL cannot be reached at ${where}: ${reasonOf(error)}`
  }
}

async function checkForm(client: Client, database: string): Promise<void> {
  const {rows} = await client.query<{encoding: string; locale: string}>(
    'select pg_encoding_to_char(encoding) as encoding, datcollate as locale from pg_database where datname = current_database()',
  )
  const {encoding = '', locale = ''} = rows[0] ?? {}
  if (encoding === 'UTF8' && /^(?:C|POSIX)(?:\..*)?$/.test(locale)) return
  throw new Error(
    `The database '${database}' has the encoding ${encoding} and the locale ${locale}, and graph-node insists on UTF8 and C: make it anew with \`template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'\``,
  )
}

async function deploymentsIn(client: Client): Promise<readonly string[]> {
  try {
    const {rows} = await client.query<{subgraph: string}>(
      'select subgraph from public.deployment_schemas join subgraphs.subgraph_deployment_assignment using (id)',
    )
    return rows.map(({subgraph}) => subgraph)
  } catch (error) {
    // graph-node has not been here before.
    if ((error as {readonly code?: string}).code === '42P01') return []
    throw error
  }
}
