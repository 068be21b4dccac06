import {rename, rm, type FileHandle} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {failpoint} from '../base/failpoint.js'
import {syncDirectory} from '../base/private-files.js'
import {fileNames} from './format.js'
import {createAnew, writeSnapshot, type Snapshot} from './snapshot-file.js'

/** Puts a new snapshot in place; the one before it stays as `snapshot.previous`. */
export async function replaceSnapshot(directory: string, snapshot: Snapshot): Promise<void> {
  const next = path.join(directory, fileNames.nextSnapshot)
  try {
    await writeSnapshot(next, snapshot)
    failpoint('mid-snapshot')
    await renameIfThere(directory, fileNames.snapshot, fileNames.previousSnapshot)
    await rename(next, path.join(directory, fileNames.snapshot))
  } catch (error) {
    await rm(next, {force: true})
    throw error
  }
  await syncDirectory(directory)
}

/**
 * Puts an empty journal in place, once a snapshot covers the present one. That stays as `journal.previous`: with `snapshot.previous` it
 * makes up for a damaged snapshot. Nothing may be appended to the new one unless this resolves.
 */
export async function replaceJournal(directory: string): Promise<FileHandle> {
  const next = path.join(directory, fileNames.nextJournal)
  const handle = await createAnew(next)
  try {
    await renameIfThere(directory, fileNames.journal, fileNames.previousJournal)
    failpoint('mid-rotate')
    await rename(next, path.join(directory, fileNames.journal))
    await syncDirectory(directory)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function renameIfThere(directory: string, from: string, to: string): Promise<void> {
  try {
    await rename(path.join(directory, from), path.join(directory, to))
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
  }
}
