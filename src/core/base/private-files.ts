import {randomBytes} from 'node:crypto'
import {constants} from 'node:fs'
import {chmod, lstat, mkdir, open, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError} from './errors.js'

/**
 * Makes a directory that only this user can enter (0700), with its parents. Refuses one that is a symbolic link, belongs to someone
 * else or is open to others: STATE_UNSAFE.
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  if ((await mkdir(directory, {recursive: true, mode: 0o700})) !== undefined) await chmod(directory, 0o700)
  const found = await lstat(directory)
  const problem = found.isSymbolicLink()
    ? 'it is a symbolic link'
    : !found.isDirectory()
      ? 'it is not a directory'
      : found.uid !== process.getuid?.()
        ? `it belongs to user ${found.uid}`
        : (found.mode & 0o077) !== 0
          ? `its mode is ${(found.mode & 0o777).toString(8)}, expected 700`
          : undefined
  if (problem !== undefined) {
    throw new HarnessError('STATE_UNSAFE', {
      subject: directory,
      reason: problem,
      hint: `Run: chmod 700 '${directory}', or choose another with HARNESS_STATE_DIR.`,
    })
  }
}

/** Writes a file that must not exist yet, 0600 from creation. Fails with EEXIST otherwise. */
export async function createPrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(
    file,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  )
  try {
    await handle.chmod(0o600)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file in one step (temporary file, sync, rename, sync of the folder): readers see the old content or the new, never half. */
export async function replacePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await createPrivateFile(temporary, content)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, {force: true})
    throw error
  }
  await syncDirectory(path.dirname(file))
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
