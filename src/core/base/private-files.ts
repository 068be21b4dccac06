import {randomBytes} from 'node:crypto'
import {chmodSync, constants, lstatSync, type Stats} from 'node:fs'
import {chmod, lstat, open, rename, rm, stat} from 'node:fs/promises'
import path from 'node:path'
import {HarnessError, systemCode} from './errors.js'
import {makeFolder, makeFolderSync} from './make-folder.js'
import {refuseLineBreak, stateProblem} from './state-problem.js'

/**
 * Makes a directory that only this user can enter (0700), with its parents. Refuses one that cannot be made, is a symbolic link, belongs
 * to someone else or is open to others: STATE_UNSAFE.
 */
export async function ensurePrivateDirectory(directory: string): Promise<void> {
  refuseLineBreak(directory)
  const plain = path.resolve(directory)
  let found: Stats
  try {
    if (await makeFolder(plain, 0o700).catch(inTheWay)) await chmod(plain, 0o700)
    found = await lstat(plain)
  } catch (error) {
    throw stateProblem(directory, error)
  }
  refuseUnsafe(directory, found)
}

/** The same at once, for the few places that cannot wait. */
export function ensurePrivateDirectorySync(directory: string): void {
  refuseLineBreak(directory)
  const plain = path.resolve(directory)
  let found: Stats
  try {
    makeSync(plain)
    found = lstatSync(plain)
  } catch (error) {
    throw stateProblem(directory, error)
  }
  refuseUnsafe(directory, found)
}

function makeSync(plain: string): void {
  try {
    if (makeFolderSync(plain, 0o700)) chmodSync(plain, 0o700)
  } catch (error) {
    inTheWay(error)
  }
}

/** Something else has the name already: what it is says a better error than the system's. */
function inTheWay(error: unknown): false {
  if (systemCode(error) !== 'EEXIST') throw error
  return false
}

function refuseUnsafe(directory: string, found: Stats): void {
  const problem = unsafeBecause(directory, found)
  if (problem === undefined) return
  const {reason, remedy} = problem
  throw new HarnessError('STATE_UNSAFE', {
    subject: directory,
    reason,
    hint: `Run \`${remedy}\`, or choose another directory with \`export HARNESS_STATE_DIR=DIR\`.`,
  })
}

interface Unsafe {
  readonly reason: string
  /** What to type. */
  readonly remedy: string
}

function unsafeBecause(directory: string, found: Stats): Unsafe | undefined {
  const user = process.getuid?.()
  const name = `'${path.resolve(directory)}'`
  if (found.isSymbolicLink()) {
    return {reason: 'it is a symbolic link', remedy: `export HARNESS_STATE_DIR="$(realpath ${name})"`}
  }
  if (!found.isDirectory()) return {reason: 'it is not a directory', remedy: `mv ${name} ${name}.old`}
  if (found.uid !== user) {
    return {reason: `it belongs to user ${found.uid}`, remedy: `sudo chown -R ${user ?? '"$USER"'} ${name}`}
  }
  if ((found.mode & 0o077) === 0) return undefined
  return {reason: `its mode is ${(found.mode & 0o777).toString(8)}, expected 700`, remedy: `chmod 700 ${name}`}
}

/** Writes a file that must not exist yet, 0600 from creation. Fails with EEXIST otherwise; leaves nothing when the disk is full. */
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
  } catch (error) {
    await rm(file, {force: true})
    throw error
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
