import type {BlockStore} from './block-store.js'
import {formatCid, parseCid, type Cid} from './cid.js'
import {NodeError} from './node-error.js'
import {read} from './read-file.js'

/** What a path leads to: `CID`, `CID/folder/file`, `/ipfs/CID/folder/file`. */
export async function resolve(path: string, store: Pick<BlockStore, 'get'>): Promise<Cid> {
  const [first = '', ...names] = path
    .replace(/^\/?ipfs\//, '')
    .split('/')
    .filter((part) => part !== '')
  let cid = parseCid(first)
  if (cid === undefined) throw new NodeError(`invalid path ${JSON.stringify(path)}: invalid cid`)
  for (const name of names) {
    const found = await read(cid, store)
    const link = found.kind === 'node' && found.links.find((each) => each.name === name)
    if (!link) throw new NodeError(`no link named ${JSON.stringify(name)} under ${formatCid(cid)}`)
    cid = link.cid
  }
  return cid
}
