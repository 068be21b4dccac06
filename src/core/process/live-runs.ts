import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {isAlive} from './identity.js'
import {readRun, runPaths} from './run-directory.js'

/** Whether the program of any attempt runs: `<stack>/<name>/<instance>` below a folder, whoever knows of it. */
export async function anyRunIsAlive(runsDirectory: string): Promise<boolean> {
  let folders = await foldersIn(runsDirectory)
  for (let depth = 1; depth < 3; depth += 1) folders = (await Promise.all(folders.map(foldersIn))).flat()
  return folders.some(isRunning)
}

function isRunning(directory: string): boolean {
  try {
    const run = readRun(runPaths(directory))
    return run !== undefined && isAlive(run.program)
  } catch {
    return false
  }
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {withFileTypes: true}).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({name}) => path.join(folder, name))
}
