import {bytesOf, readCid, type Cid} from './cid.js'
import {decode, encode} from './protobuf.js'

/** A node of files and folders. https://ipld.io/specs/codecs/dag-pb/spec/ */
export interface DagNode {
  readonly links: readonly Link[]
  readonly data: Buffer
}

export interface Link {
  readonly name: string
  readonly cid: Cid
  /** Of all blocks below it, in bytes. */
  readonly totalSize: number
}

export function encodeNode({links, data}: DagNode): Buffer {
  const encoded = links.map(({name, cid, totalSize}) =>
    encode([
      {number: 1, value: bytesOf(cid)},
      {number: 2, value: Buffer.from(name)},
      {number: 3, value: totalSize},
    ]),
  )
  return encode([...encoded.map((value) => ({number: 2, value})), {number: 1, value: data}])
}

/** Throws for what is no such node. */
export function decodeNode(block: Buffer): DagNode {
  const fields = decode(block)
  const data = fields.find(({number}) => number === 1)?.value
  return {
    links: fields.flatMap(({number, value}) => (number === 2 && typeof value !== 'number' ? [decodeLink(value)] : [])),
    data: data instanceof Buffer ? data : Buffer.alloc(0),
  }
}

function decodeLink(bytes: Buffer): Link {
  const link = new Map(decode(bytes).map(({number, value}) => [number, value]))
  const [hash, name, totalSize] = [link.get(1), link.get(2), link.get(3)]
  const cid = hash instanceof Buffer ? readCid(hash) : undefined
  if (cid === undefined) throw new Error('dag-pb: a link without a CID')
  return {
    cid,
    name: name instanceof Buffer ? name.toString() : '',
    totalSize: typeof totalSize === 'number' ? totalSize : 0,
  }
}
