import {hostname, userInfo} from 'node:os'
import type {FailureReport} from '@service-harness/cli/plugin'
import {lockPlace} from '../install/lock.js'
import {rollback, type RolledBack} from '../install/rollback.js'
import {versionOf} from '../install/state.js'
import type {CommandPlace} from './with-place.js'

interface RollBackOptions {
  readonly to?: string | undefined
  readonly restart: boolean
  readonly service?: string | undefined
}

interface RollBackDone extends RolledBack {
  readonly host: string
  readonly restarted: boolean
  /** What did not come up again. */
  readonly failed: readonly FailureReport[]
}

/** Switches, and restarts the service that was named. */
export async function rollBack({place, chosen}: CommandPlace, options: RollBackOptions): Promise<RollBackDone> {
  const done = await switched({place, chosen}, options.to)
  const restart = options.restart ? chosen.restart : undefined
  const outcome = await restart?.()
  return {...done, host: place.host.name, restarted: restart !== undefined, failed: outcome?.failed ?? []}
}

/** The lock is given back before the restart, which takes it. */
async function switched({place, chosen}: CommandPlace, to: string | undefined): Promise<RolledBack> {
  await using _lock = await lockPlace(place, ownerOf('rollback', chosen.name))
  return await rollback(place, to, new Date().toISOString())
}

/** For those who wait meanwhile. */
export function ownerOf(what: string, name: string): string {
  return `the ${what} of ${name} by ${userInfo().username}@${hostname()}`
}

/** For people. */
export function sayRolledBack({from, to, host, restarted, failed}: RollBackDone): readonly string[] {
  const before = from === null ? '' : `, and was ${from}`
  const next = restarted ? [] : ['Restart the service for it to run: `harness restart NAME`.']
  const problems = failed.map(({name, reason, hint}) => `${name}: ${reason}. ${hint}`)
  const ran = restarted && failed.length === 0 ? [`The service was restarted with ${versionOf(to)}.`] : []
  return [`${to} is current on ${host}${before}.`, ...ran, ...next, ...problems]
}
