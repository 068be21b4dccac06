import {createReadStream} from 'node:fs'
import type {GraphNode} from '../../graph-node/graph-node.js'
import {readManifest, withLinks} from '../../graph-node/manifest.js'
import {nowhere} from '../../ipfs/node/block-store.js'
import {formatCid} from '../../ipfs/node/cid.js'
import {importFile} from '../../ipfs/node/import-file.js'

/** The deployment that a built subgraph would be: the CID that its manifest would have on IPFS. Nothing is uploaded for that. */
export async function manifestCid(node: GraphNode, path: string): Promise<string> {
  const manifest = await readManifest(node, path)
  const hashes = new Map<string, string>()
  for (const [file, at] of manifest.files) hashes.set(file, await cidOf(createReadStream(at)))
  return cidOf([Buffer.from(withLinks(manifest, hashes))])
}

async function cidOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const {cid} = await importFile(streamOf(bytes), {version: 0, rawLeaves: false}, nowhere)
  return formatCid(cid)
}

async function* streamOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* bytes
}
