import {stat} from 'node:fs/promises'
import path from 'node:path'
import {taskFailed, type Failing} from './task-error.js'

/** The folder that a task works in, below that of the stack file. Throws when there is none. */
export async function workingDirectory(given: string, stackDirectory: string, failing: Failing): Promise<string> {
  const directory = path.resolve(stackDirectory, given)
  const found = await stat(directory).catch(() => undefined)
  if (found?.isDirectory()) return directory
  throw taskFailed(
    failing,
    `working_dir ${directory} ${found ? 'is no folder' : 'does not exist'}`,
    'Relative paths start at the folder of the stack file.',
  )
}
