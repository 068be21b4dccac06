import {constants} from 'node:fs'
import {cp, mkdir, rename, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {systemClock} from '../../core/base/clock.js'
import {isHarnessError} from '../../core/base/errors.js'
import {isJsonObject} from '../../core/base/json.js'
import {exists} from '../../core/base/private-files.js'
import {takeOwnership} from '../../core/store/owner-lock.js'

const lockPollMs = 100
/**
 * No script of a package runs because it is installed: a name that was mistyped, or taken by somebody else, is not yet harm done. Nor must npm install a plugin's
 * peer, which is the host, beside it: 30 MB, and a second copy of it. Plugins import types alone.
 * https://docs.npmjs.com/cli/v11/using-npm/config#ignore-scripts and #legacy-peer-deps
 */
const npmrc = 'ignore-scripts=true\nlegacy-peer-deps=true\n'

/** A copy of the folder that user plugins live in, to be changed. Disposing of it takes it away, unless it has become the folder. */
export interface StagedFolder extends AsyncDisposable {
  readonly directory: string
  /** Puts it in the place of the folder. */
  commit(): Promise<void>
}

/**
 * Copies the folder for a change. Only one command at a time has such a copy; `onWait` hears, once, that this one waits and for whom. What a command that was
 * killed has left behind is put in order first.
 */
export async function stageFolder(folder: string, onWait: (pid: number | undefined) => void): Promise<StagedFolder> {
  const [next, before] = [`${folder}.next`, `${folder}.before`]
  // Beside the folder, which is away for a moment when another takes its place.
  const lock = await takeLock(path.join(`${folder}.lock`, 'owner'), onWait)
  try {
    // Killed between two renames: it is away still.
    if (!(await exists(folder)) && (await exists(before))) await rename(before, folder)
    await mkdir(folder, {recursive: true, mode: 0o700})
    await remove(next)
    await cp(folder, next, {recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE})
    await writeFile(path.join(next, '.npmrc'), npmrc, {flag: 'wx'}).catch(() => undefined)
  } catch (error) {
    await remove(next)
    await lock[Symbol.asyncDispose]()
    throw error
  }
  return {
    directory: next,
    async commit() {
      await remove(before)
      await rename(folder, before)
      await rename(next, folder)
      await remove(before)
    },
    async [Symbol.asyncDispose]() {
      await remove(next)
      await lock[Symbol.asyncDispose]()
    },
  }
}

async function takeLock(lock: string, onWait: (pid: number | undefined) => void): Promise<AsyncDisposable> {
  for (let told = false; ; told = true) {
    try {
      return await takeOwnership({lock})
    } catch (error) {
      if (!isHarnessError(error) || error.code !== 'STATE_LOCKED') throw error
      const pid = isJsonObject(error.details) ? Number(error.details['pid']) : undefined
      if (!told) onWait(pid)
      await systemClock.sleep(lockPollMs)
    }
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, {recursive: true, force: true, maxRetries: 3})
}
