import type {Json} from '../../base/json.js'
import type {Call, Handlers} from '../../transport/connection.js'
import type {DaemonContext} from '../context.js'

export function actionMethods({stacks}: DaemonContext): Pick<Handlers, 'action.invoke' | 'action.list'> {
  return {
    'action.list': ({stack, service}) => ({actions: stacks.find(stack).actions.list(service)}),
    async 'action.invoke'({stack, requestId: _id, ...wish}, call) {
      const events = actionEventsTo(call, wish.action)
      const output = await stacks.find(stack).actions.invoke({...wish, ...events, signal: call.signal})
      return {output, lostEvents: events.lost()}
    },
  }
}

/** What an action says cannot be held up: with this much waiting for the client it is left out. */
const mostWaitingBytes = 4 * 1024 * 1024

function actionEventsTo(call: Call, action: string) {
  let lost = 0
  const tell = (said: {readonly event: Json} | {readonly message: string}): void => {
    if (call.connection.bufferedBytes > mostWaitingBytes) lost += 1
    else call.progress({action, ...said})
  }
  return {
    lost: () => lost,
    onEvent: (event: Json) => {
      tell({event})
    },
    onMessage: (message: string) => {
      tell({message})
    },
  }
}
