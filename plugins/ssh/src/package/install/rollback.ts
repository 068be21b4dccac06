import {DeployProblem} from './deploy-problem.js'
import type {Place} from './place.js'
import {readInstalled, versionOf, writeState, type Installed} from './state.js'
import {switchTo} from './switch-to.js'

export interface RolledBack {
  readonly from: string | null
  readonly to: string
}

/**
 * Makes the version before, or the one that is named, the current one. That before one whose deploy was interrupted is the one that it came in place of. DEPLOY_FAILED where there is none. For who
 * holds the lock.
 */
export async function rollback(place: Place, wanted: string | undefined, at: string): Promise<RolledBack> {
  const installed = await readInstalled(place)
  const to = wanted === undefined ? previousOf(place, installed) : named(place, installed, wanted)
  const {current: from, state} = installed
  if (to === from) throw new DeployProblem(`${versionOf(to)} is the current version already`, list)
  await switchTo(place, to)
  const reason = `rolled back to ${versionOf(to)}`
  const refused = from === null ? state.refused : ({id: from, by: 'hand', reason, at} as const)
  await writeState(place, {previous: from ?? state.previous, trial: null, refused})
  return {from, to}
}

const list = 'Run `harness package list` to see what is installed.'

function previousOf({host, root}: Place, {state: {previous: confirmed, trial}, versions}: Installed): string {
  const previous = trial ? trial.before : confirmed
  if (previous !== null && versions.some(({id}) => id === previous)) return previous
  throw new DeployProblem(`there is no version before the current one in ${root} on ${host.name}`, list)
}

/** By its version, where only one has it, or by its whole name. */
function named({host, root}: Place, {versions}: Installed, wanted: string): string {
  const found = versions.filter(({id, version}) => id === wanted || version === wanted)
  const [only] = found
  if (only && found.length === 1) return only.id
  const ids = (found.length > 1 ? found : versions).map(({id}) => id).join(', ')
  const reason =
    found.length > 1
      ? `there are ${found.length} of version ${wanted}: ${ids}`
      : `${wanted} is not in ${root} on ${host.name}; it has ${ids || 'no version'}`
  throw new DeployProblem(reason, found.length > 1 ? 'Name one of them.' : list)
}
