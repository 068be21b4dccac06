import {HarnessError} from '../base/errors.js'
import type {Json} from '../base/json.js'
import type {Change} from './store.js'

/** Raised when an older harness could misread the files. */
const schemaVersion = 1

/** The files of a store directory. */
export const fileNames = {
  journal: 'journal',
  previousJournal: 'journal.previous',
  nextJournal: 'journal.next',
  snapshot: 'snapshot',
  previousSnapshot: 'snapshot.previous',
  nextSnapshot: 'snapshot.next',
} as const

/** One commit. Sequence numbers rise by one, over all journals of a directory. */
export interface Commit {
  readonly seq: number
  readonly changes: readonly Change[]
}

export interface SnapshotHeader {
  /** The last commit that the snapshot covers. */
  readonly seq: number
  readonly entries: number
}

export function journalHeader(): string {
  return JSON.stringify({file: 'journal', schema: schemaVersion})
}

export function snapshotHeader(header: SnapshotHeader): string {
  return JSON.stringify({file: 'snapshot', schema: schemaVersion, ...header})
}

export function commitText({seq, changes}: Commit): string {
  return JSON.stringify([seq, changes.map(({key, value}) => (value === undefined ? [key] : [key, value]))])
}

export function parseCommit(value: unknown): Commit | undefined {
  if (!Array.isArray(value)) return undefined
  const [seq, list] = value as readonly unknown[]
  if (!isCount(seq) || !Array.isArray(list)) return undefined
  const changes = list.map(parseEntry)
  return changes.every((change) => change !== undefined) ? {seq, changes} : undefined
}

/** `[key, value]`, or `[key]` for one that was removed. */
export function parseEntry(value: unknown): Change | undefined {
  if (!Array.isArray(value)) return undefined
  const [key, content] = value as unknown as readonly [unknown, Json?]
  return typeof key === 'string' ? {key, value: content} : undefined
}

/** Whether a value is the header of such a file. Throws STATE_SCHEMA when a newer harness wrote it. */
export function isHeader(
  value: unknown,
  of: {readonly file: 'journal' | 'snapshot'; readonly directory: string},
): boolean {
  if (!isRecord(value) || value['file'] !== of.file) return false
  const schema = value['schema']
  if (isCount(schema) && schema > schemaVersion) {
    throw new HarnessError('STATE_SCHEMA', {
      subject: of.directory,
      reason: `its ${of.file} has schema ${schema}, this harness reads up to ${schemaVersion}; nothing was touched`,
      details: {found: schema, supported: schemaVersion},
    })
  }
  return schema === schemaVersion
}

export function parseSnapshotHeader(value: unknown, directory: string): SnapshotHeader | undefined {
  if (!isHeader(value, {file: 'snapshot', directory}) || !isRecord(value)) return undefined
  const {seq, entries} = value
  return isCount(seq) && isCount(entries) ? {seq, entries} : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
