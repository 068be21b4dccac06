import {rename, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {parse} from 'yaml'
import {reasonOf} from '../../shared/reason-of.js'

const cid = /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{58,100})$/
const maxFileBytes = 25 * 1024 * 1024
const maxFiles = 1000
const deadlineMs = 60_000

/** A folder with the bytes of each file of a subgraph by its CID, from which gnd takes what graph-node takes from IPFS. */
export class Mirror {
  private readonly fetching = new Map<string, Promise<Buffer | undefined>>()

  constructor(
    private readonly ipfs: string,
    private readonly folder: string,
  ) {}

  /** What graph-node indexes since an earlier start. It goes on with the others when one of them is gone. */
  async restore(deployments: readonly string[]): Promise<void> {
    await Promise.all(
      deployments
        .filter((each) => cid.test(each))
        .map(async (deployment) => {
          try {
            await this.fetchSubgraph(deployment)
          } catch (error) {
            process.stderr.write(
              `Warning: the subgraph ${deployment} cannot be indexed any further: ${reasonOf(error)}\n`,
            )
          }
        }),
    )
  }

  /** Brings a manifest and all that it links to. What is no CID is left to gnd to refuse. Rejects with the reason when something cannot be had. */
  async fetchSubgraph(hash: string): Promise<void> {
    const link = cidIn(hash)
    if (link === undefined) return
    await this.fetchManifest(link, {signal: AbortSignal.timeout(deadlineMs), seen: new Set()})
  }

  private async fetchManifest(hash: string, round: Round): Promise<void> {
    if (round.seen.has(hash)) return
    round.seen.add(hash)
    const {files, manifests} = linksIn(await this.fetchFile(hash, round.signal, true))
    for (const each of files) round.seen.add(each)
    if (round.seen.size > maxFiles) throw new Error(`it links to more than ${maxFiles} files`)
    await Promise.all([
      ...files.map((file) => this.fetchFile(file, round.signal)),
      ...manifests.map((manifest) => this.fetchManifest(manifest, round)),
    ])
  }

  private async fetchFile(hash: string, signal: AbortSignal, isRead: true): Promise<Buffer>
  private async fetchFile(hash: string, signal: AbortSignal): Promise<Buffer | undefined>
  private async fetchFile(hash: string, signal: AbortSignal, isRead = false): Promise<Buffer | undefined> {
    const file = path.join(this.folder, hash)
    if (!isRead && (await isThere(file))) return undefined
    // Two deployments that share files write each of them once.
    const running = this.fetching.get(hash) ?? this.download(hash, file, signal)
    this.fetching.set(hash, running)
    try {
      return await running
    } finally {
      this.fetching.delete(hash)
    }
  }

  private async download(hash: string, file: string, signal: AbortSignal): Promise<Buffer> {
    const bytes = await cat(this.ipfs, hash, signal)
    await writeFile(`${file}.part`, bytes)
    await rename(`${file}.part`, file)
    return bytes
  }
}

interface Round {
  readonly signal: AbortSignal
  readonly seen: Set<string>
}

interface Links {
  readonly files: readonly string[]
  /** Of subgraphs whose entities are a source of this one, or which it is grafted onto. */
  readonly manifests: readonly string[]
}

/** Whatever stands as `{/: /ipfs/CID}` at any depth. A text that is no YAML links to nothing: gnd says what is wrong with it. */
function linksIn(bytes: Buffer): Links {
  const files = new Set<string>()
  const manifests = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const {'/': link, kind, source, graft} = value as Record<string, unknown>
    addTo(files, link)
    if (kind === 'subgraph') addTo(manifests, fieldOf(source, 'address'))
    addTo(manifests, fieldOf(graft, 'base'))
    Object.values(value).forEach(visit)
  }
  visit(parsed(bytes))
  return {files: [...files], manifests: [...manifests]}
}

function addTo(set: Set<string>, link: unknown): void {
  const found = typeof link === 'string' ? cidIn(link) : undefined
  if (found !== undefined) set.add(found)
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function parsed(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString(), {schema: 'failsafe'})
  } catch {
    return undefined
  }
}

function cidIn(link: string): string | undefined {
  const bare = link.replace(/^\/ipfs\//, '')
  return cid.test(bare) ? bare : undefined
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}

async function cat(ipfs: string, hash: string, signal: AbortSignal): Promise<Buffer> {
  const url = `${ipfs}/api/v0/cat?arg=${hash}&length=${maxFileBytes + 1}`
  const fail = (why: string): never => {
    throw new Error(`failed to get /ipfs/${hash} from ${ipfs}: ${why}`)
  }
  try {
    const response = await fetch(url, {method: 'POST', signal})
    if (!response.ok) return fail(messageIn(await response.text()))
    const bytes = Buffer.from(await response.arrayBuffer())
    return bytes.length > maxFileBytes ? fail(`it has more than ${maxFileBytes} bytes`) : bytes
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('failed to get')) throw error
    return fail(signal.aborted ? `it did not come within ${deadlineMs / 1000} s` : reasonOf(error))
  }
}

/** Kubo says what is wrong as JSON. */
function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as {readonly Message?: string}).Message ?? text
  } catch {
    return text.trim()
  }
}
