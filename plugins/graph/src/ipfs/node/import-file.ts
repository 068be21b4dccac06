import type {BlockStore} from './block-store.js'
import {cidOf, type Cid} from './cid.js'
import {encodeNode} from './dag-pb.js'
import {encodeFile} from './unixfs.js'

/** As it is written down: what decides, beside the bytes, which CID comes of it. */
export interface ImportFormat {
  readonly version: 0 | 1
  /** Whether the pieces are blocks as they are, or in an envelope. */
  readonly rawLeaves: boolean
}

export interface Imported {
  readonly cid: Cid
  /** Of all its blocks. */
  readonly totalSize: number
}

interface Piece extends Imported {
  readonly fileSize: number
}

/** Kubo's default, as the number of links: others would give other CIDs. */
export const pieceSize = 256 * 1024
const linksOfNode = 174

/** Cuts a file into pieces, and builds a tree above them that is equally deep everywhere. Holds one piece at a time. */
export async function importFile(
  bytes: AsyncIterable<Uint8Array>,
  format: ImportFormat,
  store: Pick<BlockStore, 'put'>,
): Promise<Imported> {
  let level: Piece[] = []
  for await (const data of piecesOf(bytes)) level.push(await leaf(data, format, store))
  while (level.length > 1) {
    const above: Piece[] = []
    for (let at = 0; at < level.length; at += linksOfNode)
      above.push(await branch(level.slice(at, at + linksOfNode), format, store))
    level = above
  }
  const [root] = level
  return root ?? leaf(Buffer.alloc(0), format, store)
}

async function* piecesOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let [held, size]: [Uint8Array[], number] = [[], 0]
  for await (const chunk of bytes) {
    held.push(chunk)
    size += chunk.length
    if (size < pieceSize) continue
    const all = Buffer.concat(held)
    let at = 0
    for (; at + pieceSize <= all.length; at += pieceSize) yield all.subarray(at, at + pieceSize)
    ;[held, size] = [[all.subarray(at)], all.length - at]
  }
  if (size > 0) yield Buffer.concat(held)
}

async function leaf(data: Buffer, format: ImportFormat, store: Pick<BlockStore, 'put'>): Promise<Piece> {
  const fileSize = data.length
  if (!format.rawLeaves) return node([], {data, fileSize, blockSizes: []}, format, store)
  const cid = cidOf(data, 1, 'raw')
  await store.put(cid, data)
  return {cid, fileSize, totalSize: fileSize}
}

function branch(pieces: readonly Piece[], format: ImportFormat, store: Pick<BlockStore, 'put'>): Promise<Piece> {
  const blockSizes = pieces.map(({fileSize}) => fileSize)
  return node(pieces, {data: Buffer.alloc(0), fileSize: sum(blockSizes), blockSizes}, format, store)
}

async function node(
  pieces: readonly Piece[],
  file: Parameters<typeof encodeFile>[0],
  {version}: ImportFormat,
  store: Pick<BlockStore, 'put'>,
): Promise<Piece> {
  const links = pieces.map(({cid, totalSize}) => ({name: '', cid, totalSize}))
  const block = encodeNode({links, data: encodeFile(file)})
  const cid = cidOf(block, version, 'dag-pb')
  await store.put(cid, block)
  return {cid, fileSize: file.fileSize, totalSize: block.length + sum(pieces.map(({totalSize}) => totalSize))}
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
