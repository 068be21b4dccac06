import {chmod, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach} from 'mocha'
import {systemClock} from '../../../src/core/base/clock.js'
import {createLog, silentLog} from '../../../src/core/base/log.js'
import {openStore} from '../../../src/core/store/open-store.js'
import type {SnapshotEvery} from '../../../src/core/store/journaled-store.js'
import type {Store, StoreView} from '../../../src/core/store/store.js'

const made: string[] = []

/** A fresh private directory, gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'harness-store-'))
  await chmod(directory, 0o700)
  made.push(directory)
  return directory
}

export async function removeScratch(): Promise<void> {
  for (const directory of made.splice(0)) await rm(directory, {recursive: true, force: true})
}

/** Call once in a `describe`. */
export function cleanScratch(): void {
  afterEach(removeScratch)
}

export function open(directory: string, snapshotEvery?: SnapshotEvery, lines?: string[]): Promise<Store> {
  const log = lines
    ? createLog({clock: systemClock, level: 'debug', write: (line) => void lines.push(line)})
    : silentLog
  return openStore({directory, clock: systemClock, log, ...(snapshotEvery && {snapshotEvery})})
}

/** Everything a store holds. */
export function contents(view: StoreView): Record<string, unknown> {
  return Object.fromEntries(view.entries(''))
}
