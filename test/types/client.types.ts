// Compile-time tests: this file only has to type-check.
import type {HarnessClient, LogLine, ResultOf, StackStatus, StartOutcome} from '../../src/index.js'

export async function results(client: HarnessClient, signal: AbortSignal): Promise<unknown[]> {
  const outcome: StartOutcome = await client.service.start({stack: 'demo'}, {signal, onProgress: ({id}) => id})
  const status: StackStatus = await client.service.status({stack: 'demo', services: ['api']})
  const {stacks}: ResultOf<'stack.list'> = await client.stack.list()
  const named: StartOutcome = await client.call('service.start', {stack: 'demo'})
  const running: number | undefined = stacks[0]?.running
  // @ts-expect-error a result has its own type
  const wrong: StackStatus = await client.stack.list()
  // What every caller gives alike may be given, and an environment as Node has it.
  await client.service.start({stack: 'demo', services: [], env: process.env, requestId: 'mine', rollback: true})
  await client.daemon.shutdown({stopServices: false})
  await client.logs.read({stack: 'demo', tail: 1, attempts: 'last', follow: false}, {onLog: ([line]) => line?.text})
  return [outcome, status, named, running, wrong]
}

export async function channels(client: HarnessClient): Promise<ResultOf<'service.exec'>> {
  const command = {stack: 'demo', service: 'api', command: ['cat']}
  const heard: ('stderr' | 'stdout')[] = []
  const open = await client.service.exec(command, {
    onOutput(stream) {
      heard.push(stream)
    },
  })
  await open.write(Buffer.from('hello'))
  // @ts-expect-error what is printed must be heard
  await client.service.exec(command)
  return open.result
}

export async function mistakes(client: HarnessClient): Promise<void> {
  // @ts-expect-error the stack is needed
  await client.service.start({})
  // @ts-expect-error parameters are typed
  await client.service.start({stak: 'demo'})
  // @ts-expect-error so are choices
  await client.service.stop({stack: 'demo', dependents: 'perhaps'})
  // @ts-expect-error there is no such topic
  client.events({topics: ['weather']})
}

export async function streams(client: HarnessClient): Promise<unknown> {
  // Topics narrow the items; a snapshot may always come. Any item says where to go on.
  for await (const item of client.events({topics: ['service.state']})) {
    if (item.topic === 'snapshot') return {stacks: item.stacks satisfies readonly StackStatus[], gap: item.gap}
    client.events({after: item, topics: [item.topic satisfies 'service.state']})
  }
  for await (const line of client.logs({stack: 'demo', follow: true})) return line satisfies LogLine
  return undefined
}

// @ts-expect-error there is no such verb
export type Begin = HarnessClient['service']['begin']
// @ts-expect-error the subscription belongs to client.events
export type Subscribe = HarnessClient['events']['subscribe']
// @ts-expect-error the conversation is opened by connect
export type Initialize = HarnessClient['initialize']
