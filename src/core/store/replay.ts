import {applyChanges, type Entries} from './entries.js'
import {isHeader, parseCommit} from './format.js'
import {decodeLines} from './line.js'

export interface ReplayState {
  /** The last commit that is part of `entries`. */
  seq: number
  readonly entries: Entries
}

/** Applies what the state does not have yet, up to the first record that is bad or out of order. Answers how much of the journal is good. */
export function replay(
  bytes: Buffer,
  state: ReplayState,
  directory: string,
): {readonly length: number; readonly records: number} {
  let length = 0
  let records = 0
  for (const {value, end} of decodeLines(bytes)) {
    if (length === 0) {
      if (!isHeader(value, {file: 'journal', directory})) break
    } else {
      const commit = parseCommit(value)
      if (!commit || commit.seq > state.seq + 1) break
      if (commit.seq === state.seq + 1) applyChanges(state.entries, commit.changes)
      state.seq = Math.max(state.seq, commit.seq)
      records += 1
    }
    length = end
  }
  return {length, records}
}
