// Compile-time tests: this file only has to type-check.
import {
  actionsOf,
  type Action,
  type ActionsOf,
  type HarnessClient,
  type RunningStack,
  type ServiceContext,
} from '../../src/index.js'

type Context = ServiceContext<{readonly chainId: number}>

const mine: Action<Context, {readonly count: number}, {readonly height: number}, {readonly block: number}> = {
  summary: 'Mines.',
  input: {type: 'object'},
  output: {type: 'object'},
  run: (input, context) => Promise.resolve({height: input.count + context.config.chainId}),
}
export const chain = {type: 'chain', actions: {'mine-blocks': mine}} as const

export async function typed(client: HarnessClient, stack: RunningStack): Promise<number> {
  const actions = actionsOf<typeof chain>(client, {stack: 'demo', service: 'chain'})
  const {height}: {readonly height: number} = await actions['mine-blocks'](
    {count: 3},
    {onEvent: ({block}) => block satisfies number, timeoutMs: 1000, requestId: 'mine'},
  )
  // @ts-expect-error the input is typed
  await actions['mine-blocks']({blocks: 3})
  const same = await stack.actions<typeof chain>('chain')['mine-blocks']({count: 1})
  const untyped = await stack.actions('chain')['anything']?.({count: 1})
  return height + same.height + Number(untyped)
}

// @ts-expect-error there is no such action
export type Dig = ActionsOf<typeof chain>['dig']
