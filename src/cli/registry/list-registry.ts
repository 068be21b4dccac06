import {systemClock} from '../../core/base/clock.js'
import type {Client} from '../../core/client/client.js'
import type {RegisteredService} from '../../core/contract/registry.js'
import {withDaemon, withNeededDaemon, type Host} from '../with-daemon.js'
import {registryLines} from './registry-lines.js'

export interface ListWish {
  /** An id or a name; `undefined`: all stacks. */
  readonly stack: string | undefined
  /** Also what nothing is there of. */
  readonly all: boolean
}

/** `harness registry list`: answers the exit code. */
export async function listRegistry(host: Host, {stack, all}: ListWish): Promise<number> {
  const ask = async (client: Client): Promise<readonly RegisteredService[]> =>
    (await client.call('registry.services', {services: [], ...(stack !== undefined && {stack})})).services
  const known = await (all ? withDaemon(host, ask) : withNeededDaemon(host, ask))
  const services = (known ?? []).filter((service) => all || isOfInterest(service))
  const {terminal} = host
  if (terminal.json) terminal.data({services})
  const width = process.stdout.isTTY ? process.stdout.columns || 80 : Infinity
  for (const line of registryLines(services, {style: terminal.style, now: systemClock.now(), width})) terminal.out(line)
  return 0
}

/** It is there, may be there, or is to be there. */
function isOfInterest({alive, desired}: RegisteredService): boolean {
  return alive !== false || desired === 'up'
}
