import {statePaths} from '../base/state-directory.js'
import {stateProblem} from '../base/state-problem.js'
import {readPrivateFile} from '../transport/read-private-file.js'

/** The token of the daemon of this state directory. */
export async function savedToken(stateDirectory: string): Promise<string | undefined> {
  const {token} = statePaths(stateDirectory)
  const text = await readPrivateFile(token).catch((error: unknown) => {
    throw stateProblem(token, error)
  })
  // What is no token is not there: the next daemon makes a new one.
  return text === undefined ? undefined : /^[0-9a-f]{64}$/.exec(text.trim())?.[0]
}
