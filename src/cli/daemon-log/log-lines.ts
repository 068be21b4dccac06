import {open, stat, type FileHandle} from 'node:fs/promises'
import {systemClock} from '../../core/base/clock.js'
import {systemCode} from '../../core/base/errors.js'
import {stateProblem} from '../../core/base/state-problem.js'

const pollMs = 200

/** All lines of a log file and of the one before it, and with `follow` those that come; in batches, the first one with all that is there. */
export async function* logLines(
  file: string,
  {follow, signal}: {readonly follow: boolean; readonly signal: AbortSignal},
): AsyncGenerator<readonly string[]> {
  const earlier = await readAll(`${file}.1`)
  let tail = await openTail(file)
  try {
    yield [...earlier, ...(await tail.read())]
    while (follow && !signal.aborted) {
      await systemClock.sleep(pollMs, signal)
      const lines = await tail.read()
      if (await isAnother(file, tail)) {
        // What was written between the last look and the change of files is read before the old one is let go.
        lines.push(...(await tail.read()))
        await tail.close()
        tail = await openTail(file)
        lines.push(...(await tail.read()))
      }
      if (lines.length > 0) yield lines
    }
  } finally {
    await tail.close()
  }
}

/** A file that is read as it grows. */
interface Tail {
  /** `undefined` for one that is not there. */
  readonly inode: number | undefined
  /** The lines that are whole since the last time. */
  read(): Promise<string[]>
  close(): Promise<void>
}

const nothing: Tail = {inode: undefined, read: () => Promise.resolve([]), close: () => Promise.resolve()}

async function openTail(file: string): Promise<Tail> {
  const handle = await openIfThere(file)
  if (handle === undefined) return nothing
  let position = 0
  let rest = Buffer.alloc(0)
  return {
    inode: (await handle.stat()).ino,
    async read() {
      const {size} = await handle.stat()
      if (size < position) position = 0
      const {buffer, bytesRead} = await handle.read(Buffer.alloc(size - position), 0, size - position, position)
      position += bytesRead
      const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
      const end = bytes.lastIndexOf(0x0a) + 1
      rest = bytes.subarray(end)
      return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n')
    },
    close: () => handle.close(),
  }
}

async function readAll(file: string): Promise<readonly string[]> {
  const tail = await openTail(file)
  try {
    return await tail.read()
  } finally {
    await tail.close()
  }
}

async function isAnother(file: string, tail: Tail): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  return found !== undefined && found.ino !== tail.inode
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw stateProblem(file, error)
  }
}
