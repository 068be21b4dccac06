import {constants} from 'node:fs'
import {mkdir, open, rm, type FileHandle} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from '../base/errors.js'
import {createPrivateFile} from '../base/private-files.js'
import {parseTaskOutput} from './parse-task-output.js'

/** The variable that names the file to the program. */
export const outputVariable = 'HARNESS_OUTPUT'

const largest = 1024 * 1024

/** Where the program of an attempt writes its outputs: beside its run directory, which is the executor's to make. */
export function outputFile(
  {runsDirectory, stack}: {readonly runsDirectory: string; readonly stack: {readonly id: string}},
  task: string,
  instance: string,
): string {
  return path.join(runsDirectory, stack.id, task, `${instance}.output`)
}

/** Makes it empty and for this user alone, before the program starts. */
export async function createOutputFile(file: string): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true, mode: 0o700})
  await createPrivateFile(file, '')
}

/** What the program wrote. Throws when that is more than 1 MiB or cannot be read as outputs, naming the line. */
export async function readOutputFile(file: string): Promise<Readonly<Record<string, string>>> {
  let handle: FileHandle
  try {
    // The program may have put anything there: a fifo is not waited for, a link not followed.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {}
    if (systemCode(error) === 'ELOOP') throw notPlain()
    throw error
  }
  try {
    const found = await handle.stat()
    if (!found.isFile()) throw notPlain()
    if (found.size > largest)
      throw new Error(`it wrote ${found.size} bytes to ${outputVariable}, at most ${largest} fit`)
    const content = Buffer.alloc(found.size)
    const {bytesRead} = await handle.read(content, 0, found.size, 0)
    return parseTaskOutput(content.subarray(0, bytesRead).toString('utf8'))
  } finally {
    await handle.close()
  }
}

export async function removeOutputFile(file: string): Promise<void> {
  await rm(file, {recursive: true, force: true})
}

function notPlain(): Error {
  return new Error(`what it left at ${outputVariable} is no plain file`)
}
