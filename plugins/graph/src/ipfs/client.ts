import {posix} from 'node:path'
import {ask, type Wire} from '../shared/http.js'
import {formOf, type Part} from './multipart.js'

/** Something that was added. */
export interface Added {
  readonly hash: string
  /** Of all its blocks, in bytes: somewhat more than the file has. */
  readonly size: number
}

export interface AddedFolder extends Added {
  /** Of files alone, their paths below the folder. */
  readonly files: readonly (Added & {readonly path: string})[]
}

export interface Pin {
  readonly hash: string
  /** `recursive`: with all that is below it. */
  readonly type: 'direct' | 'recursive'
}

export interface IpfsVersion {
  readonly implementation: 'built-in' | 'kubo' | 'other'
  readonly version: string
  /** What it calls itself towards others. */
  readonly agent: string
}

/** An IPFS that is online looks for what it does not have, and would never stop. */
const lookMs = 15_000

/** The RPC of Kubo, or of what speaks it. What is refused becomes ACTION_FAILED with its words. https://docs.ipfs.tech/reference/kubo/rpc/ */
export class IpfsClient {
  /** @param url `http://127.0.0.1:5001` */
  constructor(
    private readonly url: string,
    private readonly wire: Wire,
  ) {}

  /** Adds one file, and pins it. The name is no part of the CID: of one with folders IPFS would make folders. */
  async addFile(name: string, content: Uint8Array | {readonly file: string}): Promise<Added> {
    const path = posix.basename(name)
    const part = content instanceof Uint8Array ? {path, bytes: content} : {path, ...content}
    const added = (await this.add([part])).at(-1)
    if (added === undefined) throw this.broken('add')
    return {hash: added.Hash, size: Number(added.Size)}
  }

  /** Adds files as one folder, and pins it. Paths are those below it. */
  async addFolder(parts: readonly Part[]): Promise<AddedFolder> {
    const all = await this.add(
      parts.map((part) => ({...part, path: `folder/${part.path}`})),
      [{path: 'folder', folder: true}],
    )
    const root = all.find(({Name}) => Name === 'folder')
    if (root === undefined) throw this.broken('add')
    const sent = new Set(parts.flatMap((part) => ('folder' in part ? [] : [part.path])))
    const files = all
      .map(({Name, Hash, Size}) => ({path: Name.replace(/^folder\//, ''), hash: Hash, size: Number(Size)}))
      .filter(({path}) => sent.has(path))
    return {hash: root.Hash, size: Number(root.Size), files}
  }

  /** The bytes of a file: of its CID, or of a path below the CID of a folder. */
  async cat(path: string, {maxBytes}: {readonly maxBytes: number}): Promise<Buffer> {
    const response = await this.post('cat', {arg: path, length: String(maxBytes + 1)}, {look: path})
    const expected = Number(response.headers.get('x-content-length') ?? Number.NaN)
    const bytes = await this.whole('cat', async () => Buffer.from(await response.arrayBuffer()))
    if (bytes.length > maxBytes) {
      throw this.wire.services.error('ACTION_FAILED', {
        subject: path,
        reason: `${path} has more than ${maxBytes} bytes`,
        hint: 'Read it from the address of the service: `curl -X POST URL/api/v0/cat?arg=HASH`.',
      })
    }
    if (bytes.length < expected) throw this.broken('cat')
    return bytes
  }

  /** With all that is below it. Answers what IPFS says that it has pinned. */
  pin(hash: string): Promise<string> {
    return this.changePin('pin/add', hash)
  }

  /** Answers what IPFS says that it holds no more. */
  unpin(hash: string): Promise<string> {
    return this.changePin('pin/rm', hash)
  }

  /** What was pinned itself, and not what is below that. */
  async listPins(): Promise<readonly Pin[]> {
    const pins: Pin[] = []
    for (const type of ['recursive', 'direct'] as const) {
      const {Keys = {}} = await this.json<{readonly Keys?: Readonly<Record<string, unknown>>}>('pin/ls', {type})
      pins.push(...Object.keys(Keys).map((hash) => ({hash, type})))
    }
    return pins.sort((a, b) => (a.hash < b.hash ? -1 : 1))
  }

  async version(): Promise<IpfsVersion> {
    const {Version: version} = await this.json<{readonly Version: string}>('version', {})
    const {AgentVersion: agent} = await this.json<{readonly AgentVersion: string}>('id', {})
    const implementation = agent.startsWith('harness-ipfs/') ? 'built-in' : isKubo(agent) ? 'kubo' : 'other'
    return {implementation, version, agent}
  }

  private async changePin(command: string, hash: string): Promise<string> {
    const {Pins = []} = await this.json<{readonly Pins?: readonly string[]}>(command, {arg: hash}, {look: hash})
    const [changed] = Pins
    if (changed === undefined) throw this.broken(command)
    return changed
  }

  private async add(parts: readonly Part[], first: readonly Part[] = []): Promise<readonly AddedLine[]> {
    const {contentType, body} = formOf([...first, ...parts])
    const query = {pin: 'true', 'cid-version': '0'}
    const response = await this.post('add', query, {
      init: {headers: {'content-type': contentType}, body: ReadableStream.from(body), duplex: 'half'},
    })
    const text = await this.whole('add', () => response.text())
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as AddedLine]))
  }

  private async json<Answer>(command: string, query: Query, options: Options = {}): Promise<Answer> {
    const response = await this.post(command, query, options)
    return this.whole(command, () => response.json() as Promise<Answer>)
  }

  private async post(command: string, query: Query, {look, init}: Options = {}): Promise<Response> {
    const limit = look === undefined ? {} : {timeout: `${lookMs}ms`}
    const url = `${this.url}/api/v0/${command}?${new URLSearchParams({...query, ...limit}).toString()}`
    const response = await ask({what: 'IPFS', url}, {method: 'POST', ...init}, this.wire)
    if (response.ok) return response
    const message = messageIn(await this.whole(command, () => response.text()))
    throw look !== undefined && /context deadline exceeded|not found|could not find/.test(message)
      ? this.missing(look, message)
      : this.refused(command, message || `it answers ${response.status}`)
  }

  /** An answer that breaks off says so, whatever fetch makes of it. */
  private async whole<Answer>(command: string, read: () => Promise<Answer>): Promise<Answer> {
    try {
      return await read()
    } catch (error) {
      this.wire.signal.throwIfAborted()
      throw this.broken(command, error)
    }
  }

  private broken(command: string, cause?: unknown): Error {
    const reason = `the answer of IPFS at ${this.url} to ${command} has broken off`
    return this.wire.services.error('ACTION_FAILED', {subject: 'IPFS', reason, hint, cause})
  }

  private refused(command: string, message: string): Error {
    const reason = `IPFS refuses ${command}: ${message}`
    return this.wire.services.error('ACTION_FAILED', {subject: 'IPFS', reason, hint})
  }

  private missing(path: string, message: string): Error {
    const reason = message.includes('deadline')
      ? `IPFS has not found ${path} within ${lookMs / 1000} s`
      : `IPFS does not have ${path}`
    return this.wire.services.error('ACTION_FAILED', {
      subject: path,
      reason,
      hint: 'Add it first: `harness action run SERVICE add --param path=FILE`.',
    })
  }
}

const hint = 'See what `harness logs` says of it.'

type Query = Readonly<Record<string, string>>

interface Options {
  readonly init?: RequestInit & {readonly duplex?: 'half'}
  /** What IPFS may have to look for. */
  readonly look?: string
}

interface AddedLine {
  readonly Name: string
  readonly Hash: string
  readonly Size: string
}

function isKubo(agent: string): boolean {
  return agent.startsWith('kubo/') || agent.startsWith('go-ipfs/')
}

/** Errors are JSON, or, of the HTTP server itself, text. */
function messageIn(body: string): string {
  try {
    const {Message} = JSON.parse(body) as {readonly Message?: string}
    return Message ?? body
  } catch {
    return body.trim()
  }
}
