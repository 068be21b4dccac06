import {lstat, mkdtemp, rm, rmdir, statfs} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from '../../core/base/errors.js'
import {createPrivateFile, ensurePrivateDirectory} from '../../core/base/private-files.js'
import {statePaths} from '../../core/base/state-directory.js'
import {stateProblem} from '../../core/base/state-problem.js'
import {longestSocketPath} from '../../core/transport/listen.js'
import {checkFiles} from './check-files.js'
import {broken, brokenBy, ok, warning, type Verdict} from './finding.js'

const littleBytes = 64 * 1024 * 1024

/** Whether a daemon can keep its state there: whose it is, who may read it, and whether anything can be written. */
export async function checkStateDirectory(directory: string): Promise<readonly Verdict[]> {
  try {
    const isThere = await lstat(directory).then(
      () => true,
      (error: unknown) => isMissing(error),
    )
    if (isThere) {
      await ensurePrivateDirectory(directory)
      await tryToWrite(directory)
    } else await tryToMake(directory)
    const found = [
      longSocketPath(directory),
      ...(isThere ? await checkFiles(directory) : []),
      await fullDisk(directory),
    ]
    const problems = found.filter((verdict) => verdict !== undefined)
    if (problems.length > 0) return problems
    return [ok(isThere ? directory : `${directory} (not there yet; the first start makes it)`)]
  } catch (error) {
    return [brokenBy(stateProblem(directory, error))]
  }
}

function isMissing(error: unknown): false {
  if (systemCode(error) !== 'ENOENT') throw error
  return false
}

async function tryToWrite(directory: string): Promise<void> {
  const file = path.join(directory, `doctor-${process.pid}.tmp`)
  await createPrivateFile(file, 'harness doctor\n')
  await rm(file, {force: true})
}

/** In the nearest folder that is there, and nothing is left. */
async function tryToMake(directory: string): Promise<void> {
  const parent = await nearest(path.dirname(directory))
  await rmdir(await mkdtemp(path.join(parent, 'harness-doctor-')))
}

async function nearest(folder: string): Promise<string> {
  try {
    await lstat(folder)
    return folder
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    return nearest(path.dirname(folder))
  }
}

function longSocketPath(directory: string): Verdict | undefined {
  const {socket} = statePaths(directory)
  const length = Buffer.byteLength(socket)
  if (length <= longestSocketPath) return undefined
  const said = `the path of its socket has ${length} bytes, ${longestSocketPath} are possible: ${socket}`
  return broken('DAEMON_LISTEN_FAILED', said, 'export HARNESS_STATE_DIR=DIR, with a shorter path')
}

async function fullDisk(directory: string): Promise<Verdict | undefined> {
  const {bavail, bsize} = await statfs(await nearest(directory))
  const free = bavail * bsize
  if (free >= littleBytes) return undefined
  return warning(
    `only ${Math.floor(free / 1024 / 1024)} MB are free on the disk of ${directory}`,
    `df -h '${directory}'`,
  )
}
