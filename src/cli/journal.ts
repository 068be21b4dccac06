import {isJsonObject, type Json} from '../core/base/json.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import {anyRunIsAlive} from '../core/process/live-runs.js'
import type {StackSummary} from '../core/protocol/methods.js'
import {readStore} from '../core/store/read-store.js'

/**
 * Whether the state on disk has work for a daemon, one that is missing then: something wanted up, something that runs (also without a record, when
 * the journal was damaged or lost), a stop that is not finished.
 */
export async function wantsServicesUp(directory = stateDirectory()): Promise<boolean> {
  const paths = statePaths(directory)
  const view = await readStore(paths.store)
  const isWork = (value: unknown): boolean =>
    isJsonObject(value) &&
    (value['desired'] === 'up' || (typeof value['state'] === 'string' && !atRest.has(value['state'])))
  const records = [...view.entries('service/'), ...view.entries('task/')]
  return records.some(([, value]) => isWork(value)) || anyRunIsAlive(paths.runs)
}

/** States of services and tasks in which nothing runs and nothing is to follow. */
const atRest: ReadonlySet<string> = new Set([
  'Blocked',
  'Failed',
  'NotStarted',
  'Pending',
  'Skipped',
  'Stopped',
  'Succeeded',
])

/** Whether the state on disk has a stack of this file, which may be deleted meanwhile. */
export async function knowsStackOf(file: string, directory = stateDirectory()): Promise<boolean> {
  const view = await readStore(statePaths(directory).store)
  return view.entries('stack/').some(([, value]) => {
    const definition = isJsonObject(value) ? value['definition'] : undefined
    return isJsonObject(definition) && definition['file'] === file
  })
}

/** The stacks in the state on disk, for when `wantsServicesUp` says that nothing of any of them runs. */
export async function stacksAtRest(directory = stateDirectory()): Promise<readonly StackSummary[]> {
  const view = await readStore(statePaths(directory).store)
  return view.entries('stack/').flatMap(([key, value]): StackSummary[] => {
    const stack = key.slice('stack/'.length)
    const saved = isJsonObject(value) ? value : {}
    const definition = isJsonObject(saved['definition']) ? saved['definition'] : {}
    const {name, file, environment} = definition
    if (typeof name !== 'string' || typeof file !== 'string') return []
    const renamedTo = view.get(`renamed/${stack}`)
    return [
      {
        ...{stack, name, file, running: 0, total: replicasIn(definition['services'], saved['scale'])},
        ...(typeof environment === 'string' && {environment}),
        ...(typeof renamedTo === 'string' && {renamedTo}),
      },
    ]
  })
}

/** How many services there are, each replica counted. */
function replicasIn(services: Json | undefined, scale: Json | undefined): number {
  if (!isJsonObject(services)) return 0
  const counts = Object.entries(services).map(([name, service]) => {
    const asked = isJsonObject(scale) ? scale[name] : undefined
    const count = asked ?? (isJsonObject(service) ? service['replicas'] : undefined)
    return typeof count === 'number' ? count : 1
  })
  return counts.reduce((sum, count) => sum + count, 0)
}
