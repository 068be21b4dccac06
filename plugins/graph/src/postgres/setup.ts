import {setTimeout as sleep} from 'node:timers/promises'
import type {ServiceSetup} from '@service-harness/cli/plugin'
import type {PostgresConfig} from './config.js'
import {connect, ownDatabase} from './connect.js'
import {ensureDatabases, missingExtensions} from './databases.js'
import type {Context, Services} from './postgres-services.js'
import {codeOf, isServerError} from './problem.js'
import {resolvedConfig} from './resolved-config.js'

/** The databases of the config, with their extensions. */
export function setup(services: Services): ServiceSetup<PostgresConfig> {
  return {
    async isComplete(context) {
      await takesQueries(context, services)
      for (const name of resolvedConfig(context.config).databases) {
        if (!(await isWhole(context, services, name))) return false
      }
      return true
    },
    async perform(context) {
      await takesQueries(context, services)
      const {databases} = resolvedConfig(context.config)
      if (databases.length > 0) context.progress(`creates ${databases.join(', ')}`)
      await ensureDatabases(context, services, databases)
    },
  }
}

async function isWhole(context: Context, services: Services, name: string): Promise<boolean> {
  try {
    await using connection = await connect(context, services, name)
    return (await missingExtensions(connection.client, context)).length === 0
  } catch (error) {
    if (stateOf(error) === '3D000') return false
    throw error
  }
}

/** Waits while the server recovers, or, behind the proxy of a container engine, has not begun to listen: its port takes connections by then. */
async function takesQueries(context: Context, services: Services): Promise<void> {
  for (;;) {
    try {
      await ask(context, services)
      return
    } catch (error) {
      if (!isPassing(error)) throw error
    }
    await sleep(100, undefined, {signal: context.signal})
  }
}

async function ask(context: Context, services: Services): Promise<void> {
  await using connection = await connect(context, services, ownDatabase())
  await connection.client.query('select 1')
}

/** 57P03: it starts, or recovers. What the server has not said: there is nobody yet, or he hangs up. */
function isPassing(error: unknown): boolean {
  return !isServerError((error as Error).cause) || stateOf(error) === '57P03'
}

/** What PostgreSQL, or the system, has called it. */
function stateOf(error: unknown): string | undefined {
  return codeOf((error as Error).cause)
}
