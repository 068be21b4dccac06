import {mkdir, stat} from 'node:fs/promises'
import path from 'node:path'
import {systemCode} from './errors.js'

/** Makes a folder with those above it. Node's own recursive `mkdir` does not come back from a file system that refuses with ENOENT, as /proc does. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST' && (await isFolder(folder))) return
    const parent = path.dirname(folder)
    if (code !== 'ENOENT' || parent === folder || (await isFolder(parent))) throw error
    await makeFolder(parent)
    await mkdir(folder)
  }
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
