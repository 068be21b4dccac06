import {spawn, type ChildProcess} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

const require = createRequire(import.meta.url)

export interface EditorDiagnostic {
  readonly message: string
  readonly range: {readonly start: {readonly line: number; readonly character: number}}
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: {readonly message: string}
}

/** What most editors have for YAML, yaml-language-server, spoken to as an editor does: LSP over its standard streams. */
export class LanguageServer implements AsyncDisposable {
  private nextId = 1
  private received = Buffer.alloc(0)
  private readonly answers = new Map<number, (message: Message) => void>()
  private readonly published = new Map<string, (diagnostics: readonly EditorDiagnostic[]) => void>()

  private constructor(private readonly server: ChildProcess) {
    server.stdout?.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk])
      this.readMessages()
    })
  }

  static async start(): Promise<LanguageServer> {
    const bin = require.resolve('yaml-language-server/bin/yaml-language-server')
    const editor = new LanguageServer(spawn(process.execPath, [bin, '--stdio'], {stdio: ['pipe', 'pipe', 'ignore']}))
    await editor.request('initialize', {processId: process.pid, rootUri: null, capabilities: {}})
    editor.notify('initialized', {})
    return editor
  }

  /** Opens a file and answers what the editor underlines in it. */
  async open(file: string): Promise<readonly EditorDiagnostic[]> {
    const uri = pathToFileURL(path.resolve(file)).href
    const diagnostics = new Promise<readonly EditorDiagnostic[]>((resolve) => this.published.set(uri, resolve))
    const text = await readFile(file, 'utf8')
    this.notify('textDocument/didOpen', {textDocument: {uri, languageId: 'yaml', version: 1, text}})
    return diagnostics
  }

  /** The words that are offered at a place; both numbers from 0. */
  async complete(file: string, line: number, character: number): Promise<readonly string[]> {
    const position = {textDocument: {uri: pathToFileURL(file).href}, position: {line, character}}
    const answer = (await this.request('textDocument/completion', position)) as {items: {label: string}[]} | null
    return (answer?.items ?? []).map(({label}) => label)
  }

  /** What is shown when the pointer rests on a place. */
  async hover(file: string, line: number, character: number): Promise<string> {
    const position = {textDocument: {uri: pathToFileURL(file).href}, position: {line, character}}
    const answer = (await this.request('textDocument/hover', position)) as {contents: {value: string}} | null
    return answer?.contents.value ?? ''
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      this.server.once('exit', () => {
        resolve()
      })
      this.server.kill('SIGKILL')
    })
  }

  private request(method: string, params: unknown): Promise<unknown> {
    const id = this.nextId++
    this.send({id, method, params})
    return new Promise((resolve, reject) => {
      this.answers.set(id, ({result, error}) => {
        if (error) reject(new Error(error.message))
        else resolve(result)
      })
    })
  }

  private notify(method: string, params: unknown): void {
    this.send({method, params})
  }

  private send(message: object): void {
    const text = JSON.stringify({jsonrpc: '2.0', ...message})
    this.server.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }

  private readMessages(): void {
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n')
      const length = Number(/Content-Length: (\d+)/i.exec(this.received.subarray(0, Math.max(end, 0)).toString())?.[1])
      if (end < 0 || this.received.length < end + 4 + length) return
      const text = this.received.subarray(end + 4, end + 4 + length).toString()
      this.received = this.received.subarray(end + 4 + length)
      this.take(JSON.parse(text) as Message)
    }
  }

  private take(message: Message): void {
    const {id, method, params} = message
    if (method === 'textDocument/publishDiagnostics') {
      const {uri, diagnostics} = params as {uri: string; diagnostics: readonly EditorDiagnostic[]}
      this.published.get(uri)?.(diagnostics)
    } else if (id !== undefined && method !== undefined) this.send({id, result: answerTo(method, params)})
    else if (id !== undefined) this.answers.get(id)?.(message)
  }
}

/** The server asks for its settings: none, so that only what the file names counts. */
function answerTo(method: string, params: unknown): unknown {
  if (method !== 'workspace/configuration') return null
  return (params as {items: unknown[]}).items.map(() => ({}))
}
