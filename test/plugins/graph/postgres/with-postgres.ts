import {readdirSync, readFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {before} from 'mocha'
import register from '../../../../plugins/graph/src/register.js'
import {findPrograms} from '../../../../plugins/graph/src/postgres/launch/find-programs.js'
import type {RunningStack} from '../../../../src/core/client/api/running-stack.js'
import {openTestHost, type TestHost} from '../../../../src/testing.js'
import {needs} from '../../../support/needs.js'
import {processesNaming} from '../../../support/harness.js'

export {register}

/** Skips the tests of a `describe` where there is no PostgreSQL. */
export function needsPostgres(): void {
  before(function () {
    needs(this, findPrograms({from: 'auto', binary: undefined}).length > 0, 'PostgreSQL (apt install postgresql)')
  })
}

export interface Running extends AsyncDisposable {
  readonly host: TestHost
  readonly stack: RunningStack
  act(action: string, input: object, service?: string): Promise<Record<string, unknown>>
}

/** A stack of services of the type. Without names: one, `db`. */
export async function runPostgres(services: Readonly<Record<string, object>> = {db: {}}): Promise<Running> {
  const host = await openTestHost({register})
  try {
    const usual = {service_type: 'postgres', ports: {postgres: 0}}
    const stack = await host.start({
      services: Object.fromEntries(Object.entries(services).map(([name, each]) => [name, {...usual, ...each}])),
    })
    return {
      host,
      stack,
      async act(action, input, service = 'db') {
        const {output} = await host.client.action.invoke({stack: stack.stack, service, action, input: input as never})
        return output as Record<string, unknown>
      },
      [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    }
  } catch (error) {
    await host[Symbol.asyncDispose]()
    throw error
  }
}

/** What services of this host have left in the folder for temporary files, where root's data lies. */
export function dataOf({host}: Pick<Running, 'host'>): readonly string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('harness-postgres-'))
    .map((name) => path.join(tmpdir(), name))
    .filter((folder) => noteOf(folder).includes(host.stateDirectory))
}

function noteOf(folder: string): string {
  try {
    return readFileSync(path.join(folder, 'place'), 'utf8')
  } catch {
    return ''
  }
}

/** All processes of its services. */
export function servers({host}: Pick<Running, 'host'>): Promise<readonly number[]> {
  return processesNaming(host.stateDirectory)
}
