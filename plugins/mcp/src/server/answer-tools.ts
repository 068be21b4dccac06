import type {Progress} from '@service-harness/cli/plugin'
import type {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js'
import type {ToolAnswer} from '../tools/tool.js'
import type {Toolbox} from '../tools/toolbox.js'
import {errorText} from './error-text.js'
import {progressText} from './progress-text.js'

/** Answers the requests for tools. What harness refuses is the answer of a tool, for the agent to read, and no error of the protocol. */
export function answerTools(server: McpServer['server'], toolbox: Toolbox): void {
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: (await toolbox.list()).map(({run: _run, ...shown}) => shown),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({params}, {signal, sendNotification, _meta}) => {
    const tool = await toolbox.find(params.name)
    if (!tool) throw new McpError(ErrorCode.InvalidParams, `There is no tool ${params.name}: see tools/list`)
    const token = _meta?.progressToken
    let progress = 0
    const onProgress = (step: Progress): void => {
      const message = progressText(step)
      if (token === undefined || message === undefined) return
      progress += 1
      // An agent that has left hears no more.
      sendNotification({
        method: 'notifications/progress',
        params: {progressToken: token, progress, message},
      }).catch(() => undefined)
    }
    try {
      return resultOf(await tool.run(params.arguments ?? {}, {signal, onProgress}))
    } catch (error) {
      return {content: [{type: 'text', text: errorText(error)}], isError: true}
    }
  })
}

function resultOf({value, text, failed = false}: ToolAnswer): CallToolResult {
  const content: CallToolResult['content'] = [{type: 'text', text: text ?? JSON.stringify(value)}]
  return {content, ...(isRecord(value) && {structuredContent: value}), ...(failed && {isError: true})}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
