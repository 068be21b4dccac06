import {isJsonObject} from '../core/base/json.js'
import {stateDirectory, statePaths} from '../core/base/state-directory.js'
import {readStore} from '../core/store/read-store.js'

/** Whether the state on disk wants any service up: then its daemon is missing, and not merely not needed. */
export async function wantsServicesUp(directory = stateDirectory()): Promise<boolean> {
  const view = await readStore(statePaths(directory).store)
  return view.entries('service/').some(([, value]) => isJsonObject(value) && value['desired'] === 'up')
}

/** Whether the state on disk has a stack of this file, which may be deleted meanwhile. */
export async function knowsStackOf(file: string, directory = stateDirectory()): Promise<boolean> {
  const view = await readStore(statePaths(directory).store)
  return view.entries('stack/').some(([, value]) => isJsonObject(value) && value['file'] === file)
}
