import {existsSync} from 'node:fs'
import {readFile, rename, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {BlockStore} from './block-store.js'
import {codecs, formatCid, parseCid, type Cid} from './cid.js'
import {decodeNode} from './dag-pb.js'
import {NodeError} from './node-error.js'

export type PinKind = 'direct' | 'recursive'

/** Which blocks are meant to stay, kept in a file. */
export class Pins {
  private saving = Promise.resolve()

  private constructor(
    private readonly file: string,
    private readonly store: BlockStore,
    private readonly kinds: Map<string, PinKind>,
  ) {}

  static async open(folder: string, store: BlockStore): Promise<Pins> {
    const file = path.join(folder, 'pins.json')
    const saved = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, PinKind>) : {}
    return new Pins(file, store, new Map(Object.entries(saved)))
  }

  /** Throws when any of its blocks is not there. */
  async add(cid: Cid, kind: PinKind): Promise<void> {
    if (kind === 'direct' && this.kinds.get(formatCid(cid)) === 'recursive')
      throw new NodeError(`${formatCid(cid)} already pinned recursively`)
    if (kind === 'direct') await this.presence(cid)
    else for await (const below of this.below(cid)) await this.presence(below)
    this.kinds.set(formatCid(cid), kind)
    await this.save()
  }

  async remove(cid: Cid): Promise<void> {
    if (!this.kinds.delete(formatCid(cid))) throw new NodeError('not pinned or pinned indirectly')
    await this.save()
  }

  list(): ReadonlyMap<string, PinKind> {
    return this.kinds
  }

  /** What is held by the pin of something above it, with what holds it. */
  async indirect(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    for (const [root, kind] of this.kinds) {
      const cid = kind === 'recursive' ? parseCid(root) : undefined
      if (cid === undefined) continue
      for await (const below of this.below(cid)) {
        const name = formatCid(below)
        if (name !== root && this.kinds.get(name) !== 'recursive' && !found.has(name)) found.set(name, root)
      }
    }
    return found
  }

  /** It, and all blocks that it leads to, each once. */
  private async *below(root: Cid): AsyncIterable<Cid> {
    const seen = new Set<string>()
    const todo = [root]
    for (let cid = todo.pop(); cid !== undefined; cid = todo.pop()) {
      const name = formatCid(cid)
      if (seen.has(name)) continue
      seen.add(name)
      if (cid.codec === codecs['dag-pb'])
        todo.push(...decodeNode(await this.store.get(cid)).links.map((link) => link.cid))
      yield cid
    }
  }

  private async presence(cid: Cid): Promise<void> {
    if (!this.store.has(cid)) await this.store.get(cid)
  }

  /** One after the other: the last one written is the last one asked for. */
  private save(): Promise<void> {
    const text = JSON.stringify(Object.fromEntries(this.kinds))
    this.saving = this.saving
      .catch(() => undefined)
      .then(async () => {
        await writeFile(`${this.file}.new`, text)
        await rename(`${this.file}.new`, this.file)
      })
    return this.saving
  }
}
