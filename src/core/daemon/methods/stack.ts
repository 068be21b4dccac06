import type {Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

export function stackMethods({stacks, once, info}: DaemonContext): Pick<Handlers, 'stack.list' | 'stack.load'> {
  return {
    'stack.load': ({definition, requestId}) =>
      once.run(`stack.load ${requestId}`, async () => ({stack: (await stacks.load(definition)).id})),
    'stack.list': () => ({stacks: info().stacks}),
  }
}
