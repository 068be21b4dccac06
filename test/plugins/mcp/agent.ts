import path from 'node:path'
import {Client} from '@modelcontextprotocol/sdk/client/index.js'
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js'
import type {RequestOptions} from '@modelcontextprotocol/sdk/shared/protocol.js'
import {ToolListChangedNotificationSchema} from '@modelcontextprotocol/sdk/types.js'
import assert from 'node:assert/strict'
import {root, type Sandbox} from '../../support/harness.js'

/** `harness` with the plugin linked, as a user would have installed it. */
export async function linkPlugin(sandbox: Sandbox): Promise<void> {
  const data = path.join(path.dirname(sandbox.state), 'data')
  sandbox.variables = {...sandbox.variables, HARNESS_DATA_DIR: data, HARNESS_NO_USER_PLUGINS: ''}
  const {code, stderr} = await sandbox.run('plugins', 'link', path.join(root, 'plugins/mcp'), '--no-install')
  assert.equal(code, 0, stderr)
}

/** What the agent is told, in the form that tests look at. */
export interface Told {
  readonly isError: boolean
  readonly text: string
  readonly structured: unknown
  readonly error: {readonly code: string; readonly message: string; readonly hint: string} | undefined
}

/** An agent that has started `harness mcp`. Disposing it ends the command. */
export class Agent implements AsyncDisposable {
  /** How often it was told that there are other tools. */
  changes = 0
  /** What the command has printed on standard error. */
  notes = ''
  private readonly client = new Client({name: 'test', version: '0'})

  private constructor(private readonly transport: StdioClientTransport) {
    this.client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      this.changes += 1
    })
    this.client.onerror = (error) => {
      this.errors.push(error)
    }
  }

  /** Anything on standard output that is no message is one. */
  readonly errors: Error[] = []

  static async start(sandbox: Sandbox, ...flags: readonly string[]): Promise<Agent> {
    const env = Object.entries(sandbox.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [sandbox.command, 'mcp', ...flags],
      cwd: sandbox.folder,
      env: Object.fromEntries(env) as Record<string, string>,
      stderr: 'pipe',
    })
    const agent = new Agent(transport)
    transport.stderr?.on('data', (bytes: Buffer) => {
      agent.notes += bytes.toString()
    })
    await agent.client.connect(transport)
    return agent
  }

  get pid(): number {
    return this.transport.pid ?? 0
  }

  async tools() {
    return (await this.client.listTools()).tools
  }

  async names(): Promise<readonly string[]> {
    return (await this.tools()).map(({name}) => name)
  }

  async call(name: string, args: Record<string, unknown> = {}, options: RequestOptions = {}): Promise<Told> {
    const result = await this.client.callTool({name, arguments: args}, undefined, options)
    const [first] = result.content as {readonly text?: string}[]
    const text = first?.text ?? ''
    const isError = result.isError === true
    const structured: unknown = result.structuredContent
    const {error} = (isError && structured === undefined ? JSON.parse(text) : {}) as Pick<Told, 'error'>
    return {isError, text, structured, error}
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
  }
}
