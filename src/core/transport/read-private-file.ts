import {constants, type Stats} from 'node:fs'
import {open, type FileHandle} from 'node:fs/promises'
import {HarnessError, systemCode} from '../base/errors.js'
import {stateProblem} from '../base/state-problem.js'

/** The text of a file that only this user may read; `undefined` when there is none. A link, a directory, or a file that others can read, is STATE_UNSAFE. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    if (systemCode(error) === 'ELOOP') throw unsafe(file, 'it is a symbolic link', `rm '${file}'`)
    throw error
  })
  if (handle === undefined) return undefined
  try {
    const {mode, uid} = await refuseDirectory(file, handle)
    if (uid !== process.getuid?.()) throw unsafe(file, `it belongs to user ${uid}`, `sudo chown "$(id -u)" '${file}'`)
    if ((mode & 0o077) !== 0)
      throw unsafe(file, `its mode is ${(mode & 0o777).toString(8)}, expected 600`, `chmod 600 '${file}'`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

async function refuseDirectory(file: string, handle: FileHandle): Promise<Stats> {
  const found = await handle.stat()
  if (!found.isDirectory()) return found
  throw stateProblem(file, Object.assign(new Error(`'${file}' is a directory`), {code: 'EISDIR'}))
}

function unsafe(file: string, reason: string, command: string): HarnessError {
  return new HarnessError('STATE_UNSAFE', {
    subject: file,
    reason,
    hint: `Run \`${command}\`. Where others may have read it, what it holds should be made anew.`,
  })
}
