import {newId} from '../core/base/ids.js'
import type {StackChoiceFlags} from './flags.js'
import type {Host} from './with-daemon.js'
import {withRunningService} from './with-running-service.js'

export interface SignalWish {
  readonly choice: StackChoiceFlags
  readonly service: string
  readonly signal: NodeJS.Signals
}

/** `harness signal SERVICE SIGNAL`: answers the exit code. */
export async function signalService(host: Host, wish: SignalWish): Promise<number> {
  const {terminal} = host
  const {service, signal} = wish
  return withRunningService(host, wish, async (client, stack) => {
    const {signalled} = await client.call('service.signal', {stack, service, signal, requestId: newId()})
    if (terminal.json) terminal.data({service, signal, signalled})
    else terminal.out(`Sent ${signal} to ${signalled.join(', ')}.`)
    return 0
  })
}
