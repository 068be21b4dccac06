import {readdir, rename, rm, truncate} from 'node:fs/promises'
import path from 'node:path'
import type {Clock} from '../base/clock.js'
import type {Log} from '../base/log.js'
import {createPrivateFile, syncDirectory} from '../base/private-files.js'
import {corruptSuffix} from '../base/put-aside.js'
import {fileNames} from './format.js'
import type {Recovered} from './recover.js'

/** Kept of what was cut or set aside; older ones are removed, so that damage cannot fill the disk. */
const corruptFilesKept = 10

/** Makes a directory fit to be written again: bad bytes leave the journal, bad snapshots step aside, leftovers of a crash go. Says so. */
export async function repair(
  directory: string,
  found: Recovered,
  {clock, log}: {readonly clock: Clock; readonly log: Log},
): Promise<void> {
  const suffix = corruptSuffix(clock)
  for (const name of [fileNames.nextSnapshot, fileNames.nextJournal])
    await rm(path.join(directory, name), {force: true})
  for (const name of found.badSnapshots) {
    const kept = name + suffix
    await rename(path.join(directory, name), path.join(directory, kept))
    log.error('A snapshot of the state is damaged; an earlier one and the journal were used.', {directory, kept})
  }
  if (found.journal.tail.length > 0) await cutTail(directory, found, {suffix, log})
  if (found.gap) log.error('Part of the state is lost: the journal does not reach back to a snapshot.', {directory})
  await prune(directory)
}

async function cutTail(
  directory: string,
  {journal, gap}: Recovered,
  {suffix, log}: {readonly suffix: string; readonly log: Log},
): Promise<void> {
  const kept = `journal${suffix}`
  try {
    await createPrivateFile(path.join(directory, kept), journal.tail)
    log.warn('The journal ended in bytes that are no whole record; they were cut and kept.', {
      directory,
      kept,
      bytes: journal.tail.length,
    })
  } catch (error) {
    // Half a line was never acknowledged: a full disk must not keep the daemon from starting. Anything else is evidence.
    await rm(path.join(directory, kept), {force: true})
    if (gap || journal.tail.includes(0x0a)) throw error
  }
  await truncate(path.join(directory, fileNames.journal), journal.length)
  await syncDirectory(directory)
}

async function prune(directory: string): Promise<void> {
  const kept = (await readdir(directory)).filter((name) => name.includes('.corrupt-'))
  const time = (name: string): string => name.slice(name.indexOf('.corrupt-'))
  const newestFirst = kept.sort((a, b) => (time(a) < time(b) ? 1 : -1))
  for (const name of newestFirst.slice(corruptFilesKept)) await rm(path.join(directory, name), {force: true})
}
