import {object} from '../../shared/object-schema.js'
import {nameSchema} from '../config.js'
import {connect, ownDatabase} from '../connect.js'
import {dropDatabase, ensureDatabases, hasDatabase} from '../databases.js'
import type {Context, Services} from '../postgres-services.js'
import {resolvedConfig} from '../resolved-config.js'
import type {MakeAction} from './action.js'

export interface Names {
  readonly databases: readonly string[]
}

const names = {type: 'array', items: nameSchema, uniqueItems: true}

export const reset: MakeAction<Partial<Names>, Names> = (services) => ({
  summary: 'Empties databases: ends their sessions, drops them, and makes them anew with their extensions.',
  input: object({databases: {...names, minItems: 1, description: 'Left out: those of the config.'}}, []),
  output: object({databases: {...names, description: 'Which are empty now.'}}),
  async run(input, context) {
    const configured = resolvedConfig(context.config).databases
    const databases = input.databases ?? configured
    await checkNames(
      databases.filter((name) => !configured.includes(name)),
      {context, services},
    )
    for (const name of databases) await renew(name, context, services)
    return {databases}
  },
})

/** A wrong name must not make a database that nobody asked for. */
async function checkNames(
  databases: readonly string[],
  {context, services}: {readonly context: Context; readonly services: Services},
): Promise<void> {
  await using connection = await connect(context, services, ownDatabase())
  for (const name of databases) {
    if (await hasDatabase(connection.client, name)) continue
    throw services.error('ACTION_FAILED', {
      subject: 'PostgreSQL',
      reason: `there is no database '${name}'`,
      hint: `It is made by \`harness action run SERVICE create-database --param name=${name}\`.`,
    })
  }
}

async function renew(name: string, context: Context, services: Services): Promise<void> {
  context.progress(`empties ${name}`)
  {
    await using connection = await connect(context, services, ownDatabase(name))
    await dropDatabase(connection.client, name, services)
  }
  await ensureDatabases(context, services, [name])
}
