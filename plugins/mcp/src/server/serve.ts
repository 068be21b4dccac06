import type {ClientWish, LentClient, StackFlags} from '@service-harness/cli/plugin'
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js'
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js'
import {openScope} from '../scope.js'
import {createToolbox} from '../tools/toolbox.js'
import {answerTools} from './answer-tools.js'
import {watchTools} from './watch-tools.js'

export interface ServeOptions {
  readonly ask: (wish: ClientWish) => Promise<LentClient>
  /** The one stack that it is about. @default all of the daemon */
  readonly only: StackFlags | undefined
  readonly readOnly: boolean
  readonly version: string
}

const instructions =
  'harness runs stacks: services that depend on each other, with health checks, and one-off tasks. A service that does not come up is told in `failed` or `blocked` of a start; logs_read shows what it printed. Tools whose names begin with action_ do something with one service that runs.'

/** The conversation with an agent, on standard input and output, until the agent ends it. */
export async function serve({ask, only, readOnly, version}: ServeOptions): Promise<void> {
  await using lent = await ask(only ? {about: only} : {})
  const scope = await openScope(lent, only)
  const toolbox = createToolbox({lent, scope, readOnly})
  // What `McpServer` adds wants schemas of zod: harness has JSON Schemas, which the protocol wants.
  const {server} = new McpServer({name: 'harness', version}, {capabilities: {tools: {listChanged: true}}, instructions})
  const over = new AbortController()
  server.onclose = () => {
    over.abort()
  }
  server.onerror = (error) => {
    process.stderr.write(`${error.message}\n`)
  }
  answerTools(server, toolbox)
  process.stdin.once('close', () => void server.close())
  await server.connect(new StdioServerTransport())
  if (process.stdin.isTTY) process.stderr.write('An agent is expected at standard input. Ctrl-C ends this.\n')
  await watchTools({ask, toolbox, signal: over.signal, onChange: () => server.sendToolListChanged()})
}
