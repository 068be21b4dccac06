import {isJsonObject} from '../core/base/json.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import {readStore} from '../core/store/read-store.js'

/** Whether the state on disk has work for a daemon, one that is missing then: something wanted up, something that runs, a stop that is not finished. */
export async function wantsServicesUp(directory = stateDirectory()): Promise<boolean> {
  const view = await readStore(statePaths(directory).store)
  const isWork = (value: unknown): boolean =>
    isJsonObject(value) &&
    (value['desired'] === 'up' || (typeof value['state'] === 'string' && !atRest.has(value['state'])))
  return [...view.entries('service/'), ...view.entries('task/')].some(([, value]) => isWork(value))
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
