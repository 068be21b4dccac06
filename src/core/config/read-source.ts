import {open, type FileHandle} from 'node:fs/promises'
import {HarnessError, systemCode} from '../base/errors.js'
import {standardInput} from './find-stack-file.js'

const maxBytes = 1024 * 1024

/** The text of a file, or why it cannot be taken as one, and from which line on. */
export type ReadSource = {readonly text: string} | {readonly problem: string; readonly line: number}

/** Reads a file of at most 1 MiB of UTF-8 text, and no more of a larger one. CONFIG_NOT_FOUND when it is not there. */
export async function readSource(file: string, stdin?: () => Promise<string>): Promise<ReadSource> {
  const bytes = file === standardInput ? Buffer.from((await stdin?.()) ?? '') : await readBytes(file)
  if (bytes.length > maxBytes) {
    return {
      problem: 'The file is larger than 1 MiB, which ends in this line.',
      line: lineAt(bytes.subarray(0, maxBytes)),
    }
  }
  try {
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}
  } catch {
    const [before = ''] = new TextDecoder().decode(bytes).split('\uFFFD', 1)
    return {problem: 'The file is not UTF-8 text.', line: before.split('\n').length}
  }
}

/** The number of the line in which they end. */
function lineAt(bytes: Buffer): number {
  let line = 1
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) line += 1
  return line
}

/** A byte more than there may be is enough to know. */
async function readBytes(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file)
    if ((await handle.stat()).isDirectory()) {
      throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason: 'it is a folder'})
    }
    return await readAtMost(handle, maxBytes + 1)
  } catch (error) {
    if (error instanceof HarnessError) throw error
    const code = systemCode(error) ?? 'it cannot be read'
    const reason = code === 'ENOENT' ? 'there is no such file' : code
    throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason, cause: error})
  }
}

/** A named pipe, `/dev/stdin` and process substitution have no size, and some of them no end. */
async function readAtMost(handle: FileHandle, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let left = most
  while (left > 0) {
    const {buffer, bytesRead} = await handle.read(Buffer.allocUnsafe(Math.min(left, 65_536)))
    if (bytesRead === 0) break
    chunks.push(buffer.subarray(0, bytesRead))
    left -= bytesRead
  }
  return Buffer.concat(chunks)
}
