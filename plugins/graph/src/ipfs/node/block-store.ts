import {randomUUID} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {formatCid, inlineBlock, type Cid} from './cid.js'
import {NodeError} from './node-error.js'

/** Where blocks go and come from. */
export interface BlockStore {
  put(cid: Cid, block: Buffer): Promise<void>
  /** Throws when it is not there. */
  get(cid: Cid): Promise<Buffer>
  has(cid: Cid): boolean
}

/** A folder with one file for each block, named by its hash: both versions of a CID find it. */
export function folderStore(folder: string): BlockStore {
  const fileOf = ({multihash}: Cid): string => {
    const name = multihash.toString('hex')
    return path.join(folder, name.slice(-2), name)
  }
  return {
    async put(cid, block) {
      const file = fileOf(cid)
      if (existsSync(file)) return
      await mkdir(path.dirname(file), {recursive: true})
      // Whoever reads it finds all of it, also after this process was killed.
      const half = `${file}.${randomUUID()}`
      await writeFile(half, block)
      await rename(half, file)
    },
    async get(cid) {
      const inline = inlineBlock(cid)
      if (inline) return inline
      return readFile(fileOf(cid)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        throw new NodeError(`block was not found locally (offline): ipld: could not find ${formatCid(cid)}`)
      })
    },
    has: (cid) => inlineBlock(cid) !== undefined || existsSync(fileOf(cid)),
  }
}

/** Takes blocks and keeps none, for the hash alone. */
export const nowhere: Pick<BlockStore, 'put'> = {put: () => Promise.resolve()}
