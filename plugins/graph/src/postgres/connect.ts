import type {Client} from 'pg'
import {addressOf} from '../shared/address-of.js'
import type {Context, Services} from './postgres-services.js'
import {connectionProblem} from './problem.js'
import {resolvedConfig} from './resolved-config.js'

export const port = {name: 'postgres', number: 5432}

/** A session of the superuser, and who is asked for it. */
export interface Connection extends AsyncDisposable {
  readonly client: Client
}

/** Databases that every server has. Something can be done to any other while connected to one of them. */
export const ownDatabase = (other?: string): string => (other === 'postgres' ? 'template1' : 'postgres')

/**
 * Opens a session. Throws ACTION_FAILED, which says why there is none. Disposing of it hangs up.
 * @param timeoutMs that each statement may take
 */
export async function connect(
  context: Context,
  services: Services,
  database: string,
  timeoutMs?: number,
): Promise<Connection> {
  // It takes a while to load, and most commands never need it.
  const {default: pg} = await import('pg')
  const {user, password} = resolvedConfig(context.config)
  const {host, port: number} = addressOf(context, port)
  const client = new pg.Client({
    ...{host, port: number, user, password, database},
    application_name: 'harness',
    connectionTimeoutMillis: 10_000,
    ...(timeoutMs !== undefined && {statement_timeout: timeoutMs}),
  })
  // It breaks when the server ends; whoever waits for an answer hears of it.
  client.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => client.once('end', resolve))
  try {
    context.signal.throwIfAborted()
    await client.connect()
  } catch (error) {
    // Not waited for: it may never be told of the end of a connection that never was.
    void client.end().catch(() => undefined)
    context.signal.throwIfAborted()
    throw connectionProblem(services, error, {user, database, address: `${host}:${number}`})
  }
  return {
    client,
    async [Symbol.asyncDispose]() {
      await Promise.race([client.end().catch(() => undefined), gone])
    },
  }
}
