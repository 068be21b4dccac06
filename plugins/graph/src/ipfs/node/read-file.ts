import type {BlockStore} from './block-store.js'
import {codecs, formatCid, type Cid} from './cid.js'
import {decodeNode, type DagNode} from './dag-pb.js'
import {NodeError} from './node-error.js'
import {decodeUnixFs, type UnixFs} from './unixfs.js'

/** Part of a file. */
export interface Range {
  readonly offset: number
  /** Infinity: to its end. */
  readonly length: number
}

/** A block, read as what it is. */
export type Read =
  {readonly kind: 'raw'; readonly block: Buffer} | ({readonly kind: 'node'} & DagNode & {readonly fs: UnixFs})

export async function read(cid: Cid, store: Pick<BlockStore, 'get'>): Promise<Read> {
  const block = await store.get(cid)
  if (cid.codec === codecs.raw) return {kind: 'raw', block}
  if (cid.codec !== codecs['dag-pb']) throw new NodeError(`${formatCid(cid)} is neither a file nor a folder`)
  const node = decodeNode(block)
  return {kind: 'node', ...node, fs: decodeUnixFs(node.data)}
}

/** How many bytes the file has. Throws for what is no file. */
export function sizeOf(found: Read): number {
  if (found.kind === 'raw') return found.block.length
  if (found.fs.kind === 'folder') throw new NodeError('this dag node is a directory')
  if (found.fs.kind === 'other') throw new NodeError('unrecognized object type')
  return found.fs.fileSize
}

/** The bytes of a file, block by block; only those blocks are read that have some of the range. */
export async function* readFile(
  found: Read,
  {offset, length}: Range,
  store: Pick<BlockStore, 'get'>,
): AsyncIterable<Buffer> {
  const own = found.kind === 'raw' ? found.block : found.fs.data
  const end = offset + length
  if (own.length > offset && length > 0) yield own.subarray(offset, Math.min(end, own.length))
  if (found.kind === 'raw') return
  let at = own.length
  for (const [index, {cid}] of found.links.entries()) {
    const size = found.fs.blockSizes[index] ?? 0
    if (at < end && at + size > offset) {
      const from = Math.max(0, offset - at)
      yield* readFile(await read(cid, store), {offset: from, length: Math.min(end - at, size) - from}, store)
    }
    at += size
  }
}
