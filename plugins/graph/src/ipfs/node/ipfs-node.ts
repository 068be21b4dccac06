import {generateKeyPairSync} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {folderStore, type BlockStore} from './block-store.js'
import {base58btc} from './multibase.js'
import {Pins} from './pins.js'
import {encode} from './protobuf.js'

/** What the commands work on. It has no network: what was not added here is not found. */
export interface IpfsNode {
  readonly store: BlockStore
  readonly pins: Pins
  readonly identity: Identity
}

interface Identity {
  readonly peerId: string
  readonly publicKey: string
}

/** So that nobody takes it for Kubo. The number is that of the server, not of the plugin. */
export const agent = {name: 'harness-ipfs', version: '0.1.0'} as const

export async function openNode(folder: string): Promise<IpfsNode> {
  await mkdir(folder, {recursive: true})
  const store = folderStore(path.join(folder, 'blocks'))
  return {store, pins: await Pins.open(folder, store), identity: await identityIn(folder)}
}

/** Clients read a peer's id as a multihash of its key, and refuse what is none. https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md */
async function identityIn(folder: string): Promise<Identity> {
  const file = path.join(folder, 'identity.json')
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Identity
  const {publicKey} = generateKeyPairSync('ed25519')
  const key = encode([
    {number: 1, value: 1},
    {number: 2, value: publicKey.export({type: 'spki', format: 'der'}).subarray(-32)},
  ])
  const multihash = Buffer.concat([Buffer.from([0x00, key.length]), key])
  const identity = {peerId: base58btc.encode(multihash), publicKey: key.toString('base64')}
  await writeFile(file, JSON.stringify(identity))
  return identity
}
