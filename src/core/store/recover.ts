import path from 'node:path'
import type {Entries} from './entries.js'
import {fileNames, isHeader, parseCommit} from './format.js'
import {decodeLines} from './line.js'
import {replay} from './replay.js'
import {readIfThere, readSnapshot, type Snapshot} from './snapshot-file.js'

/** The state of a directory and what is wrong with it. */
export interface Recovered {
  readonly entries: Entries
  /** The last commit that is part of `entries`. */
  readonly seq: number
  readonly journal: {
    /** Bytes of `journal` that are good; what follows must be cut before anything is appended. */
    readonly length: number
    readonly records: number
    readonly tail: Buffer
  }
  /** Snapshot files that cannot be used. */
  readonly badSnapshots: readonly string[]
  /** Commits are missing between the snapshot and the journal. */
  readonly gap: boolean
}

/** Reads a store directory without touching anything. Never throws for damage; STATE_SCHEMA for a newer schema. */
export async function recover(directory: string): Promise<Recovered> {
  const {base, badSnapshots} = await findBase(directory)
  const state = {seq: base.seq, entries: base.entries}
  const bytes = (await readIfThere(path.join(directory, fileNames.journal))) ?? Buffer.alloc(0)
  const first = firstSeq(bytes, directory)
  if (first === undefined || first > state.seq + 1) {
    const earlier = await readIfThere(path.join(directory, fileNames.previousJournal))
    if (earlier) replay(earlier, state, directory)
  }
  const {length, records} = replay(bytes, state, directory)
  return {
    ...state,
    journal: {length, records, tail: bytes.subarray(length)},
    badSnapshots,
    gap: first !== undefined && records === 0,
  }
}

/** The newest snapshot that is whole; the journals then reach from it to the present. */
async function findBase(directory: string): Promise<{base: Snapshot; badSnapshots: readonly string[]}> {
  const badSnapshots: string[] = []
  for (const name of [fileNames.snapshot, fileNames.previousSnapshot]) {
    const found = await readSnapshot(path.join(directory, name))
    if (found === 'bad') badSnapshots.push(name)
    else if (found !== 'missing') return {base: found, badSnapshots}
  }
  return {base: {seq: 0, entries: new Map()}, badSnapshots}
}

function firstSeq(bytes: Buffer, directory: string): number | undefined {
  let index = 0
  for (const {value} of decodeLines(bytes)) {
    if (index++ > 0) return parseCommit(value)?.seq
    if (!isHeader(value, {file: 'journal', directory})) return undefined
  }
  return undefined
}
