import type {Json, JsonObject, JsonSchema, Progress} from '@service-harness/cli/plugin'
import type {ToolAnnotations} from '@modelcontextprotocol/sdk/types.js'

/** Something that an agent can do: what it is shown, and how it is done. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly inputSchema: ObjectSchema
  /** Left out where the answer is no object, or has no schema. */
  readonly outputSchema?: ObjectSchema
  readonly annotations: ToolAnnotations
  readonly run: (args: Arguments, call: ToolCall) => Promise<ToolAnswer>
}

/** MCP wants an object on both ends. */
export type ObjectSchema = JsonSchema<unknown> & {
  readonly type: 'object'
  readonly properties?: Readonly<Record<string, JsonObject>>
  readonly required?: readonly string[]
}

/** As the agent gives them: nobody has looked at them. */
export type Arguments = Readonly<Record<string, unknown>>

interface ToolCall {
  /** The agent takes it back. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface ToolAnswer {
  /** An object goes to the agent as it is as well. */
  readonly value: Json | object
  /** For the agent to read. @default the value as JSON */
  readonly text?: string
  /** It was not done, or not all of it. @default false */
  readonly failed?: boolean
}
