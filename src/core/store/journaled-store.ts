import {messageOf, type HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Log} from '../base/log.js'
import {applyChanges, viewOf, type Entries} from './entries.js'
import {commitText, parseCommit} from './format.js'
import {JournalFile, type Refused} from './journal-file.js'
import {encodeLine} from './line.js'
import {replaceJournal, replaceSnapshot} from './rotate.js'
import type {Change, Store} from './store.js'
import {storeClosed, syncFailed, writeFailed} from './write-failed.js'

/** How much journal is worth a snapshot, whichever comes first. */
export interface SnapshotEvery {
  readonly records: number
  readonly bytes: number
}

export interface JournaledState {
  readonly directory: string
  readonly log: Log
  readonly snapshotEvery: SnapshotEvery
  readonly entries: Entries
  /** The last commit in `entries`. */
  readonly seq: number
  readonly journal: JournalFile
  /** What the journal gained since the last snapshot. */
  readonly gained: SnapshotEvery
}

interface Pending {
  readonly line: Buffer
  /** The changes that take this commit back. */
  readonly undo: readonly Change[]
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Commits change memory at once, then wait together for one write and one sync. Owns the journal until it is disposed of. */
export class JournaledStore implements Store {
  private pending: Pending[] = []
  private draining: Promise<void> | undefined
  private closing: Promise<void> | undefined
  private seq: number
  private journal: JournalFile
  private gained: SnapshotEvery
  private refusing = false
  private ended: HarnessError | undefined
  private failed: HarnessError | undefined

  constructor(private readonly state: JournaledState) {
    this.seq = state.seq
    this.journal = state.journal
    this.gained = state.gained
  }

  get(key: string): Json | undefined {
    return this.state.entries.get(key)
  }

  entries(prefix: string): readonly (readonly [key: string, value: Json])[] {
    return viewOf(this.state.entries).entries(prefix)
  }

  get problem(): HarnessError | undefined {
    return this.failed
  }

  commit(changes: readonly Change[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.ended) throw this.ended
      const text = commitText({seq: this.seq + 1, changes})
      const copied = parseCommit(JSON.parse(text))
      if (!copied) throw new TypeError('The keys of a commit must be text.')
      const undo = applyChanges(this.state.entries, copied.changes)
      this.seq += 1
      this.pending.push({line: encodeLine(text), undo, resolve, reject})
      this.draining ??= this.drain()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.ended ??= storeClosed(this.state.directory)
    this.closing ??= this.close()
    return this.closing
  }

  private async close(): Promise<void> {
    await this.draining
    await this.journal[Symbol.asyncDispose]()
  }

  private async drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (this.pending.length > 0) {
      const batch = this.pending
      this.pending = []
      const appended = await this.journal.append(batch.map(({line}) => line))
      if (appended.ok) await this.acknowledge(batch)
      else this.refuse(batch, appended)
    }
    this.draining = undefined
  }

  private async acknowledge(batch: readonly Pending[]): Promise<void> {
    if (this.refusing) this.state.log.info('The state can be written again.', {directory: this.state.directory})
    this.refusing = false
    for (const {resolve} of batch) resolve()
    const bytes = batch.reduce((sum, {line}) => sum + line.length, this.gained.bytes)
    this.gained = {records: this.gained.records + batch.length, bytes}
    const {snapshotEvery} = this.state
    if (this.gained.records >= snapshotEvery.records || bytes >= snapshotEvery.bytes) await this.snapshot()
  }

  /** Takes back this batch and all that was built on it since. */
  private refuse(batch: readonly Pending[], {stage, cause}: Refused): void {
    const {directory, entries, log} = this.state
    const refused = [...batch, ...this.pending]
    this.pending = []
    this.seq -= refused.length
    for (const {undo} of refused.toReversed()) applyChanges(entries, undo)
    const error = stage === 'sync' ? syncFailed(directory, cause) : writeFailed(directory, cause)
    if (stage === 'sync') this.ended = this.failed = error
    for (const {reject} of refused) reject(error)
    if (!this.refusing) log.error(error.message, {directory, hint: error.hint})
    this.refusing = true
  }

  /** A failure costs nothing but space: the present journal goes on, and the next try comes after as much again. */
  private async snapshot(): Promise<void> {
    const {directory, log} = this.state
    this.gained = {records: 0, bytes: 0}
    try {
      await replaceSnapshot(directory, {seq: this.seq - this.pending.length, entries: this.durableEntries()})
      const handle = await replaceJournal(directory)
      const old = this.journal
      this.journal = new JournalFile(handle, 0)
      await old[Symbol.asyncDispose]()
    } catch (error) {
      log.warn('The state could not be made smaller.', {directory, reason: messageOf(error)})
    }
  }

  /** What is on disk: memory without the commits that wait. */
  private durableEntries(): Entries {
    const entries = new Map(this.state.entries)
    for (const {undo} of this.pending.toReversed()) applyChanges(entries, undo)
    return entries
  }
}
