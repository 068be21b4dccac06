import {systemClock} from '../../core/base/clock.js'
import type {StackChoiceFlags} from '../flags.js'
import {withAnyStack} from '../with-any-stack.js'
import type {Host} from '../with-daemon.js'
import {addressLines} from './address-lines.js'
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
    const entries = await Promise.all(
      services.map(async (entry) => {
        const {addresses} = await client.call('registry.addresses', {stack, service: entry.service})
        return {...entry, addresses}
      }),
    )
    if (terminal.json) terminal.data({services: entries})
    const drawing = {style: terminal.style, now: systemClock.now()}
    for (const [index, entry] of entries.entries()) {
      if (index > 0) terminal.out('')
      for (const line of [...entryLines(entry, drawing), ...addressLines(entry.addresses, drawing.style)])
        terminal.out(line)
    }
    return 0
  })
}
