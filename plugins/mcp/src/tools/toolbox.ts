import type {HarnessClient, LentClient} from '@service-harness/cli/plugin'
import type {Scope} from '../scope.js'
import {actionTools} from './action-tools.js'
import {checkArguments} from './check-arguments.js'
import {methodTools} from './method-tools.js'
import type {Tool} from './tool.js'

export interface ToolboxOptions {
  readonly lent: LentClient
  readonly scope: Scope
  readonly readOnly: boolean
}

/** The tools that there are now. */
export interface Toolbox {
  list(): Promise<readonly Tool[]>
  find(name: string): Promise<Tool | undefined>
  /** Whether there are other tools, or stacks, than when this was asked or listed before. Asks by the client that is given, which may start no daemon. */
  hasChanged(client: HarnessClient): Promise<boolean>
}

export function createToolbox({lent, scope, readOnly}: ToolboxOptions): Toolbox {
  const fixed = methodTools(lent, scope)
    .map(checked)
    .filter(({annotations}) => !readOnly || annotations.readOnlyHint === true)
  const actions = async (client: HarnessClient): Promise<readonly Tool[]> =>
    readOnly ? [] : actionTools({listing: client, calling: lent.client, scope})
  let told: string | undefined
  const list = async (client: HarnessClient): Promise<readonly Tool[]> => {
    const tools = [...fixed, ...(await actions(client))]
    const stacks = (await scope.stacks(client)).map(({stack, name}) => [stack, name])
    told = JSON.stringify([stacks, tools])
    return tools
  }
  return {
    list: () => list(lent.client),
    async find(name) {
      return fixed.find((tool) => tool.name === name) ?? (await actions(lent.client)).find((tool) => tool.name === name)
    },
    async hasChanged(client) {
      const before = told
      await list(client)
      return before !== undefined && told !== before
    },
  }
}

/** What an action takes is for its schema to say. */
function checked(tool: Tool): Tool {
  return {
    ...tool,
    async run(args, call) {
      checkArguments(tool, args)
      return tool.run(args, call)
    },
  }
}
