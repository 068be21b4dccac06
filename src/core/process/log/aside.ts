import {readSync, renameSync, statSync, truncateSync, writeFileSync} from 'node:fs'
import {open, rm} from 'node:fs/promises'

/** What was in a log file before it was last emptied. */
export function asideOf(file: string): string {
  return `${file}.before`
}

const pieceBytes = 256 * 1024

/**
 * Copies a file that a program appends to aside and empties it, for disks that cannot free a part of a file, unless `check` finds before
 * the last piece that it is another file by now. `moved` hears in the same turn how many bytes were copied, and the time that emptying
 * has put on the file. What is written in the last instant is lost.
 */
export async function moveAside(
  file: string,
  {check, moved}: {readonly check: () => boolean; readonly moved: (size: number, mtime: number) => void},
): Promise<void> {
  const temporary = `${asideOf(file)}.tmp`
  try {
    await using from = await open(file, 'r')
    await using to = await open(temporary, 'w', 0o600)
    const buffer = Buffer.allocUnsafe(pieceBytes)
    let size = 0
    for (;;) {
      const {bytesRead} = await from.read(buffer, 0, pieceBytes, size)
      if (bytesRead === 0) break
      await to.appendFile(buffer.subarray(0, bytesRead))
      size += bytesRead
    }
    if (!check()) return
    for (let more = readSync(from.fd, buffer, 0, pieceBytes, size); more > 0;) {
      writeFileSync(to.fd, buffer.subarray(0, more))
      size += more
      more = readSync(from.fd, buffer, 0, pieceBytes, size)
    }
    renameSync(temporary, asideOf(file))
    truncateSync(file)
    moved(size, statSync(file).mtimeMs)
  } finally {
    await rm(temporary, {force: true})
  }
}
