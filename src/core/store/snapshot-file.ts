import {constants} from 'node:fs'
import {open, readFile, rm, type FileHandle} from 'node:fs/promises'
import path from 'node:path'
import type {Json} from '../base/json.js'
import {HarnessError, messageOf, systemCode} from '../base/errors.js'
import type {Entries} from './entries.js'
import {parseEntry, parseSnapshotHeader, snapshotHeader} from './format.js'
import {decodeLines, encodeLine} from './line.js'

/** The whole state after one commit. */
export interface Snapshot {
  readonly seq: number
  readonly entries: Entries
}

/** Lines handed to the disk at once; between two such pieces the event loop runs. */
const pieceLines = 500

/** Writes a snapshot to a new private file and waits until it is on disk. What lay there before is removed. */
export async function writeSnapshot(file: string, snapshot: Snapshot): Promise<void> {
  await using handle = await createAnew(file)
  const header = {seq: snapshot.seq, entries: snapshot.entries.size}
  await handle.appendFile(encodeLine(snapshotHeader(header)))
  for (const piece of pieces([...snapshot.entries])) {
    await handle.appendFile(Buffer.concat(piece.map((entry) => encodeLine(JSON.stringify(entry)))))
  }
  await handle.sync()
}

/** What a snapshot file holds: `bad` when any byte of it is wrong. */
export async function readSnapshot(file: string): Promise<Snapshot | 'bad' | 'missing'> {
  const bytes = await readIfThere(file)
  return bytes === undefined ? 'missing' : parseSnapshot(bytes, path.dirname(file))
}

export function parseSnapshot(bytes: Buffer, directory: string): Snapshot | 'bad' {
  const lines = decodeLines(bytes)
  const first = lines.next()
  const header = first.done ? undefined : parseSnapshotHeader(first.value.value, directory)
  if (first.done || header === undefined) return 'bad'
  const entries: Entries = new Map()
  let end = first.value.end
  for (const line of lines) {
    const entry = parseEntry(line.value)
    if (entry?.value === undefined) return 'bad'
    entries.set(entry.key, entry.value)
    end = line.end
  }
  return end === bytes.length && entries.size === header.entries ? {seq: header.seq, entries} : 'bad'
}

/** An empty file, 0600 from creation. What lay there before is removed. */
export async function createAnew(file: string): Promise<FileHandle> {
  await rm(file, {force: true})
  return open(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
}

export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file, {flag: constants.O_RDONLY | constants.O_NOFOLLOW})
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    const problem = systemCode(error) === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${messageOf(error)})`
    const reason = `'${path.basename(file)}' ${problem}`
    throw new HarnessError('STATE_UNSAFE', {subject: path.dirname(file), reason, cause: error})
  }
}

function* pieces(list: readonly (readonly [string, Json])[]): Generator<readonly (readonly [string, Json])[]> {
  for (let start = 0; start < list.length; start += pieceLines) yield list.slice(start, start + pieceLines)
}
