import type {BlockStore} from './block-store.js'
import {bytesOf, cidOf} from './cid.js'
import {encodeNode, type Link} from './dag-pb.js'
import type {Imported, ImportFormat} from './import-file.js'
import {NodeError} from './node-error.js'
import {encodeFolder} from './unixfs.js'

/** Kubo writes larger folders in another form, which is not made here; the CID would be another one. */
const mostBytes = 256 * 1024

/** Files and folders by their paths, as they come; written once all are there, since the CID of a folder is that of what is in it. */
export class FolderTree {
  private readonly entries = new Map<string, FolderTree | Imported>()

  folder(parts: readonly string[]): FolderTree {
    const [name, ...rest] = parts
    if (name === undefined) return this
    const found = this.entries.get(name)
    const folder = found instanceof FolderTree ? found : new FolderTree()
    if (found !== folder) this.entries.set(name, folder)
    return folder.folder(rest)
  }

  add(parts: readonly string[], file: Imported): void {
    this.folder(parts.slice(0, -1)).entries.set(parts.at(-1) ?? '', file)
  }

  /** What stands at the top: files, and folders with what is in them. */
  *tops(): Iterable<readonly [name: string, FolderTree | Imported]> {
    yield* this.entries
  }

  /** Writes what is in it, then the folder itself; `each` hears of every folder. @param path `''` for the top */
  async write(
    path: string,
    format: ImportFormat,
    store: Pick<BlockStore, 'put'>,
    each: (path: string, folder: Imported) => void,
  ): Promise<Imported> {
    const links: Link[] = []
    for (const [name, entry] of [...this.entries].sort(byBytes)) {
      const below = path === '' ? name : `${path}/${name}`
      const {cid, totalSize} = entry instanceof FolderTree ? await entry.write(below, format, store, each) : entry
      links.push({name, cid, totalSize})
    }
    const size = links.reduce((sum, {name, cid}) => sum + Buffer.byteLength(name) + bytesOf(cid).length, 0)
    if (size > mostBytes)
      throw new NodeError(`the folder '${path}' has too many files for the built-in IPFS server: use Kubo`)
    const block = encodeNode({links, data: encodeFolder()})
    const folder = {
      cid: cidOf(block, format.version, 'dag-pb'),
      totalSize: links.reduce((sum, {totalSize}) => sum + totalSize, block.length),
    }
    await store.put(folder.cid, block)
    each(path, folder)
    return folder
  }
}

function byBytes([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
