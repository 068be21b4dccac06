import {systemClock} from '../../core/base/clock.js'
import type {StackChoiceFlags} from '../flags.js'
import {withAnyStack} from '../with-any-stack.js'
import type {Host} from '../with-daemon.js'
import {entryLines} from './registry-lines.js'

export interface GetWish {
  readonly choice: StackChoiceFlags
  readonly service: string
}

/** `harness registry get`: answers the exit code. */
export async function getRegistered(host: Host, {choice, service}: GetWish): Promise<number> {
  const {terminal} = host
  return withAnyStack(host, choice, async (client, stack) => {
    const {services} = await client.call('registry.services', {stack, services: [service]})
    if (terminal.json) terminal.data({services})
    const drawing = {style: terminal.style, now: systemClock.now()}
    for (const [index, entry] of services.entries()) {
      if (index > 0) terminal.out('')
      for (const line of entryLines(entry, drawing)) terminal.out(line)
    }
    return 0
  })
}
