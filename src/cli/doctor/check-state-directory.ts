import {lstat, mkdtemp, readdir, rm, rmdir, statfs} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from '../../core/base/errors.js'
import {createPrivateFile, ensurePrivateDirectory} from '../../core/base/private-files.js'
import {statePaths} from '../../core/base/state-directory.js'
import {stateProblem} from '../../core/base/state-problem.js'
import {longestSocketPath} from '../../core/transport/listen.js'
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

/** What `sudo harness` or a copy from elsewhere leaves: files that the daemon cannot use, or that others can read. */
async function checkFiles(directory: string): Promise<readonly Verdict[]> {
  const folders = [directory, statePaths(directory).store]
  const files = (await Promise.all(folders.map(filesIn))).flat()
  const user = process.getuid?.()
  const verdicts: Verdict[] = []
  for (const file of files) {
    const found = await lstat(file).catch(() => undefined)
    if (found === undefined) continue
    if (found.uid !== user) {
      const said = `'${file}' belongs to user ${found.uid}`
      return [broken('STATE_UNSAFE', said, `sudo chown -R ${user ?? '"$USER"'} '${directory}'`)]
    }
    if (found.isSymbolicLink()) {
      verdicts.push(broken('STATE_UNSAFE', `'${file}' is a symbolic link`, `rm '${file}'`))
    } else if ((found.mode & 0o077) !== 0) {
      const mode = (found.mode & 0o777).toString(8)
      const fix = `chmod ${found.isDirectory() ? '700' : '600'} '${file}'`
      verdicts.push(broken('STATE_UNSAFE', `the mode of '${file}' is ${mode}: others can read it`, fix))
    }
  }
  return verdicts
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.map((name) => path.join(folder, name))
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
