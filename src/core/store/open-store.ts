import {constants} from 'node:fs'
import {open, type FileHandle} from 'node:fs/promises'
import path from 'node:path'
import type {Clock} from '../base/clock.js'
import {isHarnessError, systemCode} from '../base/errors.js'
import type {Log} from '../base/log.js'
import {ensurePrivateDirectory, syncDirectory} from '../base/private-files.js'
import {fileNames} from './format.js'
import {JournalFile} from './journal-file.js'
import {JournaledStore, type SnapshotEvery} from './journaled-store.js'
import {recover, type Recovered} from './recover.js'
import {repair} from './repair.js'
import type {Store} from './store.js'
import {cannotOpen} from './write-failed.js'

export interface StoreOptions {
  /** Made when missing. Its owner must hold the lock of the state directory (`owner-lock.ts`). */
  readonly directory: string
  readonly clock: Clock
  readonly log: Log
  /** @default 10,000 records or 4 MB */
  readonly snapshotEvery?: SnapshotEvery
}

const usualSnapshots: SnapshotEvery = {records: 10_000, bytes: 4 * 1024 * 1024}

/**
 * Opens the state of a directory as the last acknowledged commit left it. Damage is cut, kept aside and logged.
 * STATE_UNSAFE, STATE_SCHEMA (nothing is touched), STATE_WRITE_FAILED.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const {directory, log, snapshotEvery = usualSnapshots} = options
  await ensurePrivateDirectory(directory)
  try {
    const found = await recover(directory)
    await repair(directory, found, options)
    const handle = await openJournal(directory)
    return new JournaledStore({
      directory,
      log,
      snapshotEvery,
      entries: found.entries,
      seq: found.seq,
      journal: new JournalFile(handle, found.journal.length),
      gained: gainedBefore(found, snapshotEvery),
    })
  } catch (error) {
    throw isHarnessError(error) ? error : cannotOpen(directory, error)
  }
}

async function openJournal(directory: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
  const handle = await open(path.join(directory, fileNames.journal), flags, 0o600)
  try {
    await handle.chmod(0o600)
    await syncDirectory(directory)
    await syncDirectory(path.dirname(directory)).catch(ignoreUnreadable)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The folder above may belong to someone else. */
function ignoreUnreadable(error: unknown): void {
  if (systemCode(error) !== 'EACCES') throw error
}

/** After damage the first commit brings a snapshot, so that the next damage finds one to fall back on. */
function gainedBefore({badSnapshots, gap, journal}: Recovered, every: SnapshotEvery): SnapshotEvery {
  return gap || badSnapshots.length > 0 ? every : {records: journal.records, bytes: journal.length}
}
