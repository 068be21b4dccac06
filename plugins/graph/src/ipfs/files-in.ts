import {readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Part} from './multipart.js'

/**
 * Everything in a folder, folders before what is in them. As with `ipfs add`, what begins with a dot is left out: secrets and repositories do. Throws for
 * what is neither a file nor a folder.
 */
export async function filesIn(folder: string, below = ''): Promise<readonly Part[]> {
  const parts: Part[] = []
  const entries = await readdir(path.join(folder, below), {withFileTypes: true})
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) parts.push({path: name, folder: true}, ...(await filesIn(folder, name)))
    else if (entry.isFile()) parts.push({path: name, file: path.join(folder, name)})
    else throw new Error(`${path.join(folder, name)} is neither a file nor a folder`)
  }
  return parts
}
