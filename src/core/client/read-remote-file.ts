import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {ensurePrivateDirectory} from '../base/private-files.js'
import {statePaths} from '../base/state-directory.js'
import {stateProblem} from '../base/state-problem.js'
import {readPrivateFile} from '../transport/read-private-file.js'

/** The text of a file about daemons elsewhere; `undefined` when there is none. STATE_UNSAFE for one that cannot or must not be read. */
export async function readRemoteFile(stateDirectory: string, name: string): Promise<string | undefined> {
  const {remotes} = statePaths(stateDirectory)
  const file = path.join(remotes, name)
  try {
    return await readPrivateFile(file)
  } catch (error) {
    // Says what lies in the way, where it is the folder itself.
    if (systemCode(error) === 'ENOTDIR') await ensurePrivateDirectory(remotes)
    throw stateProblem(file, error)
  }
}
