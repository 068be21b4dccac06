import type {HarnessClient, Json, ResultOf} from '@service-harness/cli/plugin'
import type {Scope} from '../scope.js'
import {actionInput, actionOutput} from './action-schemas.js'
import {toolNames} from './tool-names.js'
import type {Tool} from './tool.js'

export interface ActionToolOptions {
  /** Asks which there are. */
  readonly listing: HarnessClient
  /** Carries them out. */
  readonly calling: HarnessClient
  readonly scope: Scope
}

type ServiceAction = ResultOf<'action.list'>['actions'][number]

interface Found {
  readonly stack: string
  readonly stackName: string
  readonly action: ServiceAction
}

/** A tool for each action of each service. */
export async function actionTools({listing, calling, scope}: ActionToolOptions): Promise<readonly Tool[]> {
  const stacks = await scope.stacks(listing)
  const found = (
    await Promise.all(
      stacks.map(async ({stack, name}) =>
        (await actionsOf(listing, stack)).map((action) => ({stack, stackName: name, action})),
      ),
    )
  ).flat()
  const names = toolNames(
    found.map(({stack, stackName, action: {service, name}}) => ({
      words: ['action', ...(scope.isOpen ? [stackName] : []), service, name],
      identity: JSON.stringify([stack, service, name]),
    })),
  )
  return found.map((each, at) => toolOf(names[at] ?? '', each, {calling, scope}))
}

/** A stack may be forgotten while it is asked for. */
async function actionsOf(client: HarnessClient, stack: string): Promise<readonly ServiceAction[]> {
  try {
    return (await client.action.list({stack})).actions
  } catch (error) {
    if ((error as {readonly code?: unknown}).code === 'STACK_UNKNOWN') return []
    throw error
  }
}

function toolOf(
  name: string,
  {stack, stackName, action}: Found,
  {calling, scope}: Pick<ActionToolOptions, 'calling' | 'scope'>,
): Tool {
  const input = actionInput(action.input)
  const outputSchema = actionOutput(action.output)
  const about = scope.isOpen ? `service ${action.service} of stack ${stackName}` : `service ${action.service}`
  return {
    name,
    description: `${action.summary} Action ${action.name} of ${about}, which must run.`,
    inputSchema: input.schema,
    ...(outputSchema && {outputSchema}),
    annotations: {readOnlyHint: false, openWorldHint: true},
    async run(args, call) {
      const wish = {stack, service: action.service, action: action.name, input: input.of(args) as Json}
      const {output} = await calling.action.invoke(wish, call)
      return {value: output}
    },
  }
}
