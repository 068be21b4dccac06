import {readFile, stat} from 'node:fs/promises'
import {HarnessError, systemCode} from '../base/errors.js'
import {standardInput} from './find-stack-file.js'

const maxBytes = 1024 * 1024

/** The text of a file, or why it cannot be taken as one. */
export type ReadSource = {readonly text: string} | {readonly problem: string}

/** Reads a file of at most 1 MiB of UTF-8 text. CONFIG_NOT_FOUND when it is not there. */
export async function readSource(file: string, stdin?: () => Promise<string>): Promise<ReadSource> {
  const bytes = file === standardInput ? Buffer.from((await stdin?.()) ?? '') : await readBytes(file)
  if (bytes.length > maxBytes) return {problem: 'The file is larger than 1 MiB.'}
  try {
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(bytes)}
  } catch {
    return {problem: `The file is not UTF-8 text (line ${lineOfDamage(bytes)}).`}
  }
}

function lineOfDamage(bytes: Uint8Array): number {
  const [before = ''] = new TextDecoder().decode(bytes).split('\uFFFD', 1)
  return before.split('\n').length
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const found = await stat(file)
    // A named pipe has no size; `/dev/stdin` and process substitution are read like files.
    if (found.isDirectory()) throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason: 'it is a folder'})
    return found.size > maxBytes ? new Uint8Array(maxBytes + 1) : await readFile(file)
  } catch (error) {
    if (error instanceof HarnessError) throw error
    const code = systemCode(error) ?? 'it cannot be read'
    const reason = code === 'ENOENT' ? 'there is no such file' : code
    throw new HarnessError('CONFIG_NOT_FOUND', {subject: file, reason, cause: error})
  }
}
