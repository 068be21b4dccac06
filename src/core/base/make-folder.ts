import {mkdirSync, statSync} from 'node:fs'
import {mkdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from './errors.js'

/**
 * Makes a folder with those above it, and answers whether it was not there before. Node's own recursive `mkdir` does not come back from a
 * file system that refuses with ENOENT, as /proc does. `mode` is narrowed by the umask.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<boolean> {
  try {
    await mkdir(folder, {mode})
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST' && (await isFolder(folder))) return false
    const parent = path.dirname(folder)
    if (code !== 'ENOENT' || parent === folder || (await isFolder(parent))) throw error
    await makeFolder(parent, mode)
    return await makeFolder(folder, mode)
  }
}

/** The same at once. */
export function makeFolderSync(folder: string, mode = 0o777): boolean {
  try {
    mkdirSync(folder, {mode})
    return true
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST' && isFolderSync(folder)) return false
    const parent = path.dirname(folder)
    if (code !== 'ENOENT' || parent === folder || isFolderSync(parent)) throw error
    makeFolderSync(parent, mode)
    return makeFolderSync(folder, mode)
  }
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

function isFolderSync(file: string): boolean {
  return statSync(file, {throwIfNoEntry: false})?.isDirectory() ?? false
}
