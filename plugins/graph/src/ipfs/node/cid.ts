import {createHash} from 'node:crypto'
import {base32, base58btc, bases, type Base} from './multibase.js'
import {readVarint, varint} from './protobuf.js'

/** The name of a block: how to read it, and the hash of its bytes. https://github.com/multiformats/cid */
export interface Cid {
  readonly version: 0 | 1
  readonly codec: number
  readonly multihash: Buffer
}

/** https://github.com/multiformats/multicodec */
export const codecs = {raw: 0x55, 'dag-pb': 0x70} as const

const sha256 = 0x12
const identity = 0x00

export function cidOf(block: Buffer, version: 0 | 1, codec: keyof typeof codecs): Cid {
  const digest = createHash('sha256').update(block).digest()
  return {version, codec: codecs[codec], multihash: Buffer.concat([Buffer.from([sha256, digest.length]), digest])}
}

/** `undefined` for what is no CID. */
export function parseCid(text: string): Cid | undefined {
  if (/^Qm.{44}$/.test(text)) {
    const multihash = base58btc.decode(text)
    return multihash?.length === 34 ? {version: 0, codec: codecs['dag-pb'], multihash} : undefined
  }
  const bytes = bases.find(({prefix}) => text.startsWith(prefix))?.decode(text.slice(1))
  return bytes === undefined ? undefined : readCid(bytes)
}

/** From its bytes, as links have them. */
export function readCid(bytes: Buffer): Cid | undefined {
  if (bytes[0] === sha256 && bytes.length === 34) return {version: 0, codec: codecs['dag-pb'], multihash: bytes}
  try {
    const version = readVarint(bytes, 0)
    const codec = readVarint(bytes, version.next)
    const size = readVarint(bytes, readVarint(bytes, codec.next).next)
    const isWhole = version.value === 1 && bytes.length === size.next + size.value
    return isWhole ? {version: 1, codec: codec.value, multihash: bytes.subarray(codec.next)} : undefined
  } catch {
    return undefined
  }
}

export function bytesOf({version, codec, multihash}: Cid): Buffer {
  return version === 0 ? multihash : Buffer.concat([varint(1), varint(codec), multihash])
}

/** @param base that of its version, where it is left out */
export function formatCid(cid: Cid, base: Base = cid.version === 0 ? base58btc : base32): string {
  return (cid.version === 0 ? '' : base.prefix) + base.encode(bytesOf(cid))
}

/** The block itself, where it is so small that its name holds it. */
export function inlineBlock({multihash}: Cid): Buffer | undefined {
  return multihash[0] === identity ? multihash.subarray(2) : undefined
}
