import {nowhere, type BlockStore} from '../block-store.js'
import {answerLine, count, flag, type Call} from '../call.js'
import {formatCid} from '../cid.js'
import {FolderTree} from '../folder-tree.js'
import {importFile, pieceSize, type Imported, type ImportFormat} from '../import-file.js'
import {NodeError} from '../node-error.js'
import {uploadedFiles, type UploadedFile} from '../uploaded-files.js'

/** Enough for what is developed with; the disk is the caller's. */
const limits = {bytes: 8 * 1024 ** 3, files: 100_000}

/** Options of Kubo that would give other CIDs, or do other things, with the values that change nothing. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  chunker: ['', 'size-262144'],
  hash: ['', 'sha2-256'],
  inline: ['false'],
  mode: ['', '0'],
  mtime: ['', '0'],
  nocopy: ['false'],
  'preserve-mode': ['false'],
  'preserve-mtime': ['false'],
  'to-files': [''],
  trickle: ['false'],
}

/** Files and folders become blocks while they come; the answer has a line for each. */
export async function add(call: Call): Promise<void> {
  const format = formatOf(call)
  const onlyHash = flag(call, 'only-hash')
  const [wrap, pin] = [flag(call, 'wrap-with-directory'), flag(call, 'pin', true) && !onlyHash]
  const store = onlyHash ? nowhere : call.node.store
  const tree = new FolderTree()
  await uploadedFiles(call.request, limits, async (file) => {
    await place(file, {tree, call, format, store})
  })
  const tell = (name: string, {cid, totalSize}: Imported): void => {
    answerLine(call, {Name: name, Hash: formatCid(cid), Size: String(totalSize)})
  }
  const roots: Imported[] = []
  if (wrap) roots.push(await tree.write('', format, store, tell))
  else
    for (const [name, entry] of tree.tops())
      roots.push(entry instanceof FolderTree ? await entry.write(name, format, store, tell) : entry)
  if (pin) for (const {cid} of roots) await call.node.pins.add(cid, 'recursive')
  call.response.end()
}

function formatOf(call: Call): ImportFormat {
  for (const [name, values] of Object.entries(unsupported)) {
    const value = call.query.get(name)
    if (value !== null && !values.includes(value))
      throw new NodeError(`the built-in IPFS server does not know '${name}': use Kubo`)
  }
  const version = count(call, 'cid-version', 0)
  if (version > 1) throw new NodeError(`unknown CID version: ${version}`)
  return {version: version === 0 ? 0 : 1, rawLeaves: flag(call, 'raw-leaves', version === 1)}
}

interface Import {
  readonly tree: FolderTree
  readonly call: Call
  readonly format: ImportFormat
  readonly store: Pick<BlockStore, 'put'>
}

async function place({path, isFolder, bytes}: UploadedFile, {tree, call, format, store}: Import): Promise<void> {
  if (isFolder) {
    bytes.resume()
    tree.folder(path)
    return
  }
  const file = await importFile(flag(call, 'progress') ? watched(call, path, bytes) : bytes, format, store)
  const hash = formatCid(file.cid)
  tree.add(path.length === 0 ? [hash] : path, file)
  answerLine(call, {Name: path.length === 0 ? hash : path.join('/'), Hash: hash, Size: String(file.totalSize)})
}

/** A line for each piece that has come whole. */
async function* watched(
  call: Call,
  path: readonly string[],
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  let Bytes = 0
  for await (const chunk of bytes) {
    yield chunk
    const pieces = Math.floor(((Bytes % pieceSize) + chunk.length) / pieceSize)
    Bytes += chunk.length
    if (pieces > 0) answerLine(call, {Name: path.join('/'), Bytes: Bytes - (Bytes % pieceSize)})
  }
}
